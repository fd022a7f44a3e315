#!/usr/bin/env python3
"""What `motet plugin verify` says, and what its options change:  report_test.py MOTET CLI_PLUGIN BROKEN_PLUGIN

CLI_PLUGIN is the library of tests/core/cli, of which a stage crashes and one takes a minute; BROKEN_PLUGIN fails C008.
"""
import json
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml
from pathlib import Path

MOTET, CLI, BROKEN = sys.argv[1:]


def verify(*arguments, status):
    done = subprocess.run([MOTET, "plugin", "verify", *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode == status, f"{arguments} ended with {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout


def verdicts(*arguments, status):
    outcomes = json.loads(verify(*arguments, "--json", status=status))["outcomes"]
    return [(one["check"], one["type"], one["verdict"], one["message"]) for one in outcomes]


def junit_is_what_json_is(folder, library, only, status, wanted):
    """Each verdict is the right element, with the message; the suites count them."""
    file = folder / "verdicts.xml"
    arguments = [library, "--seed", "3", "--limit", "2", *(word for one in only for word in ("--only", one))]
    outcomes = verdicts(*arguments, "--junit", file, status=status)
    elements = {"passed": None, "failed": "failure", "crashed": "error", "timed out": "error", "skipped": "skipped"}
    found = {}
    for suite in xml.parse(file).getroot().iter("testsuite"):
        cases = suite.findall("testcase")
        assert int(suite.get("tests")) == len(cases)
        for count, element in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.get(count)) == len(suite.findall(f"testcase/{element}")), f"{suite.get('name')}: {count}"
        for case in cases:
            assert case.get("classname") == suite.get("name") and float(case.get("time")) >= 0
            inner = list(case)
            found[case.get("name")[:4], suite.get("name").split(" ")[0]] = (inner[0].tag, inner[0].get("message")) if inner else (None, "")
    assert found == {(check, type or "the"): (elements[verdict], message) for check, type, verdict, message in outcomes}, f"{found}\n{outcomes}"
    assert {verdict for _, _, verdict, _ in outcomes} == wanted, outcomes


def strictness_adds(library):
    """Whatever a strictness tries the next one tries too, and each step tries more."""
    lists = [set(verify(library, "--list", "--strictness", n, status=0).splitlines()) for n in (1, 5, 10)]
    assert lists[0] < lists[1] < lists[2], [len(one) for one in lists]


def seed_repeats(library):
    """The same but for the time that it took, whatever runs beside."""
    def report(*arguments):
        return re.sub(r"\d+\.\d s", "", verify(library, "--only", "C032", "--only", "C061", "--only", "C008", "--only", "C041", *arguments, status=1))
    first = report("--seed", "11")
    assert "--seed 11" in first
    assert report("--seed", "11") == first
    assert report("--seed", "11", "--jobs", "1") == report("--seed", "11", "--jobs", "4") == first
    own = re.search(r"--seed (\d+)", report())
    assert own, "a report does not say its seed"


def main():
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        junit_is_what_json_is(folder, BROKEN, ["C008", "C001", "C041"], 1, {"passed", "failed", "skipped"})
        junit_is_what_json_is(folder, CLI, ["C008", "test.crash", "test.shout"], 1, {"passed", "crashed"})
        junit_is_what_json_is(folder, CLI, ["C008", "test.sleep"], 1, {"timed out"})
    strictness_adds(CLI)
    seed_repeats(BROKEN)


if __name__ == "__main__":
    main()
