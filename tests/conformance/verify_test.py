#!/usr/bin/env python3
"""Runs the conformance kit over a plugin of this folder:  verify_test.py MOTET LIBRARY [OPTION...]

A library called C017_some_slug, or C017_some_slug_otherwise where there are several ways to break it, must fail C017 and nothing
else; any other must fail nothing, and have just those checks skipped that skips.json lists for it. Without LIBRARY: every check of the kit
has a plugin in broken/, every plugin there a check, and the contract's headers name them all.
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


# Why a check is skipped on some machines or in some builds only.
OF_THE_MACHINE = ("this Motet is built with a sanitizer", "there is no device")


def skipped_of(outcomes):
    """For each type in each setup the checks that were skipped, and those of them that this machine or build is the reason for."""
    out = {}
    for one in outcomes:
        place = " in ".join(word for word in (one["type"], one["setup"]) if word) or "the file"
        if one["verdict"] == "skipped":
            of_machine = one["message"].startswith(OF_THE_MACHINE)
            out.setdefault(place, ([], []))[of_machine].append(one["check"])
    return out


def as_expected(name, outcomes):
    """Whether nothing is skipped that skips.json does not list for the plugin, and the other way."""
    file = HERE / "skips.json"
    wanted, found = json.loads(file.read_text()).get(name, {}), skipped_of(outcomes)
    for place in sorted(wanted.keys() | found.keys()):
        skipped, of_machine = found.get(place, ([], []))
        if set(wanted.get(place, "").split()) - set(of_machine) != set(skipped):
            print(f"{file.name} says of {name}, {place}: {wanted.get(place, '')}\n  skipped were: {' '.join(skipped)}")
            return False
    return True


def verify(motet, library, *setup):
    verified, status = kit(motet, "verify", library, "--json", "--strictness", "10", "--jobs", "2", "--seed", "20", *setup)
    outcomes = verified["outcomes"]
    bad = [one for one in outcomes if one["verdict"] not in ("passed", "skipped")]
    for one in bad:
        print(f"{one['check']} {one['slug']} ({one['type']}) {one['verdict']}: {one['message']}")
    name = Path(library).stem
    breaks = re.match(r"C\d{3}(?=_)", name)
    wanted = {breaks.group()} if breaks else set()
    found = {one["check"] for one in bad}
    passed = sum(one["verdict"] == "passed" for one in outcomes)
    print(f"wanted {sorted(wanted)}, found {sorted(found)}, {passed} of {len(outcomes)} passed, {verified['ms']:.0f} ms")
    for one in outcomes:
        if one["verdict"] == "skipped":
            print(f"  skipped {one['check']}: {one['message']}")
    good = found == wanted and status == (1 if wanted else 0)
    kind = "right" if Path(library).parent.name == name else "own"
    return good and (bool(wanted) or as_expected(f"{kind}/{name}" + (" on vulkan" if "vulkan" in setup else ""), outcomes))


def check_all(motet):
    checks = {one["check"]: one["slug"] for one in kit(motet, "checks", "--json")[0]["checks"]}
    names = {f"{number}_{slug}" for number, slug in checks.items()}
    folders = {folder.name for folder in (HERE / "broken").iterdir()}
    headers = "".join(header.read_text() for header in (ROOT / "core/abi/motet").glob("*.h"))
    cited = set(re.findall(r"\bC\d{3}\b", headers))
    mistakes = [f"broken/{name} is missing" for name in sorted(names - folders)]
    further = {name for name in folders if any(name.startswith(f"{one}_") for one in names)}
    mistakes += [f"broken/{name} belongs to no check" for name in sorted(folders - names - further)]
    mistakes += [f"core/abi/motet does not say {number} where the rule is" for number in sorted(set(checks) - cited)]
    mistakes += [f"core/abi/motet cites {number}, which is no check" for number in sorted(cited - set(checks))]
    print("\n".join(mistakes) or f"{len(names)} of {len(checks)} checks with a plugin that breaks them, all with their place in the contract")
    return not mistakes


if __name__ == "__main__":
    good = verify(*sys.argv[1:]) if len(sys.argv) > 2 else check_all(sys.argv[1])
    sys.exit(0 if good else 1)
