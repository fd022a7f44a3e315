#!/usr/bin/env python3
"""Runs `motet check` on a case and compares what it says, word for word:  run.py MOTET CASE.yaml [--write]

CASE.expected holds stderr and, as its last line, the exit status. A case whose first line is `# motet check CASE ARGUMENT...` gets
these arguments. stdout must stay empty. With --write the expected file is made anew: read it before it is kept.
"""
import difflib
import shlex
import subprocess
import sys
from pathlib import Path

TIMEOUT_S = 60  # a case that hangs is a failure too


def arguments(case):
    first = case.read_bytes().split(b"\n", 1)[0].decode("utf-8", "replace")
    head = "# motet check CASE "
    return shlex.split(first[len(head):]) if first.startswith(head) else []


def said(motet, case):
    command = [motet, "check", case.name, *arguments(case)]
    done = subprocess.run(command, cwd=case.parent, capture_output=True, timeout=TIMEOUT_S, check=False)
    if done.stdout:
        raise SystemExit(f"{case.name}: stdout should be empty: {done.stdout!r}")
    folder = str(case.parent)  # the machine's own, so no part of what is expected
    return done.stderr.decode("utf-8").replace(folder, "CASES") + f"exit status {done.returncode}\n"


def main(motet, case, *options):
    case = Path(case).resolve()
    text = said(str(Path(motet).resolve()), case)
    expected = case.with_suffix(".expected")
    if "--write" in options:
        expected.write_text(text, encoding="utf-8")
        return 0
    wanted = expected.read_text(encoding="utf-8")
    if text == wanted:
        return 0
    sys.stderr.writelines(difflib.unified_diff(wanted.splitlines(True), text.splitlines(True), expected.name, "said"))
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
