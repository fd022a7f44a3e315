#!/usr/bin/env python3
"""Measures which lines of its readers each fuzz target's folder reaches:  coverage.py [--missing] [TARGET...]

Builds the preset fuzz (`./dev fuzz` has installed what it takes), replays each target's seeds, corpus and regressions, and
prints a table. What a target's readers are stands in its source, in lines "// Reads with: PATTERN...". --missing names the lines
that were not reached.
"""
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build/fuzz"
LLVM = "19"


def readers(target):
    text = (ROOT / f"tests/fuzz/{target}.cpp").read_text(encoding="utf-8")
    patterns = " ".join(re.findall(r"^// Reads with: (.*)$", text, re.MULTILINE)).split()
    files = sorted({file for pattern in patterns for file in ROOT.glob(pattern)})
    if not files:
        sys.exit(f"tests/fuzz/{target}.cpp names no readers: give it a line '// Reads with: core/room/file.cpp'")
    return files


def counts(target, folder):
    """{file: {line: how often it ran}} over the target's folder."""
    program = BUILD / "tests/test_fuzz"
    environment = {**os.environ, "LLVM_PROFILE_FILE": f"{folder}/{target}-%m.profraw"}
    done = subprocess.run([program, f"replay of {target}"], env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"the replay of {target} failed:\n{done.stdout}{done.stderr}")
    merged = f"{folder}/{target}.profdata"
    subprocess.run([f"llvm-profdata-{LLVM}", "merge", "-o", merged, *Path(folder).glob(f"{target}-*.profraw")], check=True)
    plugins = [part for plugin in sorted((BUILD / "lib/motet/plugins").glob("*.so")) for part in ("-object", plugin)]
    command = [f"llvm-cov-{LLVM}", "export", "-format=lcov", f"-instr-profile={merged}", program, *plugins]
    out, file = {}, None
    for line in subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines():
        if line.startswith("SF:"):
            file = out.setdefault(Path(line[3:]), {})
        elif line.startswith("DA:"):
            number, count = map(int, line[3:].split(",")[:2])
            file[number] = max(count, file.get(number, 0))
    return out


def ranges(numbers):
    out = []
    for number in numbers:
        if out and number == out[-1][1] + 1:
            out[-1][1] = number
        else:
            out.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in out)


LEAST = 90  # per cent of a target's readers that its folder is to reach


def main(arguments):
    missing = "--missing" in arguments
    too_few = []
    targets = [a for a in arguments if a != "--missing"] or sorted(file.stem for file in (ROOT / "tests/fuzz").glob("*.cpp"))
    subprocess.run(["cmake", "--preset", "fuzz"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", "--preset", "fuzz", "--target", "test_fuzz"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    print(f"{'target':<15} {'inputs':>6} {'KiB':>6} {'lines':>6} {'reached':>8}")
    with tempfile.TemporaryDirectory() as folder:
        for target in targets:
            inputs = [f for f in (ROOT / "tests/fuzz" / target).rglob("*") if f.is_file() and f.suffix != ".dict"]
            lines = counts(target, folder)
            ours = {file: lines.get(file, {}) for file in readers(target)}
            total = sum(map(len, ours.values()))
            reached = sum(count > 0 for file in ours.values() for count in file.values())
            size = sum(f.stat().st_size for f in inputs) / 1024
            print(f"{target:<15} {len(inputs):>6} {size:>6.0f} {total:>6} {100 * reached / max(total, 1):>7.1f}%", flush=True)
            if 100 * reached < LEAST * total or total == 0:
                too_few.append(target)
            for file, found in ours.items() if missing else ():
                if not_reached := [n for n, count in sorted(found.items()) if count == 0]:
                    print(f"    {file.relative_to(ROOT)}: {ranges(not_reached)}")


    if too_few:
        sys.exit(f"less than {LEAST} % reached by: {', '.join(too_few)}")


if __name__ == "__main__":
    main(sys.argv[1:])
