#!/usr/bin/env python3
"""Runs clang-tidy over every source of ours that a build folder compiles, on all cores:  tidy.py CLANG_TIDY BUILD_FOLDER [PART]

PART, if given, limits it to sources with that in their path. Exits with 1 if a rule of .clang-tidy is broken.
"""
import concurrent.futures
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OURS = [ROOT / folder for folder in ("core", "plugins", "tests")]


def sources(build):
    commands = json.loads((build / "compile_commands.json").read_text())
    files = {Path(command["file"]) for command in commands}
    return sorted(file for file in files if any(file.is_relative_to(folder) for folder in OURS))


def tidy(program, build, file):
    """Returns what clang-tidy says of a file, empty where it is content."""
    # The compiler is g++: what it alone understands among its options is no finding.
    command = [program, "-p", build, "--quiet", "--extra-arg=-Wno-unknown-warning-option", "--extra-arg=-Wno-everything", file]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.stdout + done.stderr if done.returncode else ""


def main(program, build, part=""):
    files = [file for file in sources(Path(build)) if part in str(file)]
    if not files:
        sys.exit(f"{build} compiles no source of ours" + (f" with '{part}' in its path" if part else ""))
    broken = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for said in pool.map(lambda file: tidy(program, build, file), files):
            if said:
                broken += 1
                print(said, end="", flush=True)
    print(f"clang-tidy: {len(files)} sources, {broken} with findings")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
