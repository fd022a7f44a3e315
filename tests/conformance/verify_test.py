#!/usr/bin/env python3
"""Runs the conformance kit over a plugin of this folder:  verify_test.py MOTET LIBRARY [OPTION...]

A library called C017_some_slug must fail C017 and nothing else; any other must fail nothing. Without LIBRARY: every check of
the kit has a plugin in broken/, every plugin there a check, and the contract's headers and docs/obligations.md name them all.
"""
import json
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]


def kit(motet, *arguments):
    done = subprocess.run([motet, "plugin", *arguments], capture_output=True, text=True)
    if done.returncode not in (0, 1):
        sys.exit(f"motet plugin {' '.join(arguments)} ended with {done.returncode}\n{done.stdout}{done.stderr}")
    return json.loads(done.stdout), done.returncode


def verify(motet, library, *setup):
    verified, status = kit(motet, "verify", library, "--json", "--strictness", "10", "--jobs", "2", "--seed", "20", *setup)
    bad = [one for one in verified["outcomes"] if one["verdict"] not in ("passed", "skipped")]
    for one in bad:
        print(f"{one['check']} {one['slug']} ({one['type']}) {one['verdict']}: {one['message']}")
    breaks = re.match(r"C\d{3}(?=_)", Path(library).stem)
    wanted = {breaks.group()} if breaks else set()
    found = {one["check"] for one in bad}
    passed = sum(one["verdict"] == "passed" for one in verified["outcomes"])
    print(f"wanted {sorted(wanted)}, found {sorted(found)}, {passed} of {len(verified['outcomes'])} passed, {verified['ms']:.0f} ms")
    for one in verified["outcomes"]:
        if one["verdict"] == "skipped":
            print(f"  skipped {one['check']}: {one['message']}")
    return found == wanted and status == (1 if wanted else 0) and (wanted or passed > 0)


def check_all(motet):
    checks = {one["check"]: one["slug"] for one in kit(motet, "checks", "--json")[0]["checks"]}
    names = {f"{number}_{slug}" for number, slug in checks.items()}
    folders = {folder.name for folder in (HERE / "broken").iterdir()}
    headers = "".join(header.read_text() for header in (ROOT / "core/abi/motet").glob("*.h"))
    cited = set(re.findall(r"\bC\d{3}\b", headers))
    mistakes = [f"broken/{name} is missing" for name in sorted(names - folders)]
    mistakes += [f"broken/{name} belongs to no check" for name in sorted(folders - names)]
    mistakes += [f"core/abi/motet does not say {number} where the rule is" for number in sorted(set(checks) - cited)]
    mistakes += [f"core/abi/motet cites {number}, which is no check" for number in sorted(cited - set(checks))]
    print("\n".join(mistakes) or f"{len(names)} of {len(checks)} checks with a plugin that breaks them, all with their place in the contract")
    return not mistakes


if __name__ == "__main__":
    good = verify(*sys.argv[1:]) if len(sys.argv) > 2 else check_all(sys.argv[1])
    sys.exit(0 if good else 1)
