#!/usr/bin/env python3
"""Each code that `motet explain` tells of is shown by some test, and each that a test shows is told of:  codes.py MOTET

Shown means that a test compares what is said: `error[M0101]` in an expected text or a test's source, or the code alone in quotes.
"""
import json
import re
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
SHOWN = re.compile(r'error\[(M\d{4})\]|code == "(M\d{4})"|"code"\] == "(M\d{4})"')

# Codes that no test can show, each with the reason. None so far: a code that nobody can see is better taken out.
EXCEPTIONS = {}


def shown():
    found = {}
    for path in sorted(TESTS.rglob("*")):
        if path.suffix in {".expected", ".cpp", ".hpp", ".py"} and path != Path(__file__).resolve():
            for groups in SHOWN.findall(path.read_text(encoding="utf-8", errors="replace")):
                found.setdefault("".join(groups), path.relative_to(TESTS))
    return found


def main(motet):
    said = subprocess.run([motet, "explain", "--json"], capture_output=True, text=True, timeout=60, check=True).stdout
    known = {one["code"] for one in json.loads(said)["codes"]}
    found = shown()
    wrong = [f"{code}: no test shows it" for code in sorted(known - set(found) - set(EXCEPTIONS))]
    wrong += [f"{code}: a test shows it after all ({found[code]})" for code in sorted(set(EXCEPTIONS) & set(found))]
    wrong += [f"{code}: explain does not know it, and a test shows it ({found[code]})" for code in sorted(set(found) - known)]
    wrong += [f"{code}: there is no such code, says EXCEPTIONS" for code in sorted(set(EXCEPTIONS) - known)]
    print("\n".join(wrong), file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
