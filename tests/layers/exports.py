#!/usr/bin/env python3
"""Checks that each plugin in a folder exports `motet_plugin`, as data, and nothing else:  exports.py FOLDER"""
import subprocess
import sys
from pathlib import Path


def exported(library):
    """Yields (kind, name) of the symbols that a library defines for others, kinds as `nm` writes them."""
    listing = subprocess.run(["nm", "--dynamic", "--defined-only", "--format=posix", library], check=True, capture_output=True, text=True)
    for line in listing.stdout.splitlines():
        name, kind, *_ = line.split()
        yield kind, name


def wrong(library):
    symbols = set(exported(library))
    data = {symbol for symbol in symbols if symbol[1] == "motet_plugin" and symbol[0] in "RDBG"}
    if not data:
        yield f"{library.name} does not export motet_plugin as data"
    for kind, name in sorted(symbols - data):
        yield f"{library.name} exports {name} ({kind}); a plugin exports nothing but motet_plugin"


def main(folder):
    libraries = sorted(Path(folder).glob("*.so"))
    found = [line for library in libraries for line in wrong(library)]
    if not libraries:
        found.append(f"no plugin in {folder}")
    print("\n".join(found) or f"{len(libraries)} plugins export motet_plugin and nothing else")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
