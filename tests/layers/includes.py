#!/usr/bin/env python3
"""Checks every #include of core/ and plugins/ against the table "Who may include whom":  includes.py [ROOT]

The table is read from docs/architecture.md, so that page and code cannot drift apart. Prints each violation with its place;
exits with 1 where there is one.
"""
import re
import sys
from pathlib import Path

# How the table's outside libraries are recognised in an #include.
OUTSIDE = {
    "spdlog": ("spdlog/", "fmt/"),
    "yaml-cpp": ("yaml-cpp/",),
    "Boost.DLL": ("boost/dll", "boost/filesystem"),
    "Boost.Asio": ("boost/asio",),
    "Boost.Process": ("boost/process",),
    "Boost.Program_options": ("boost/program_options",),
    "nlohmann-json": ("nlohmann/",),
    "simdjson": ("simdjson.h",),
    "math library": ("oneapi/dnnl/", "dnnl"),
    "Highway": ("hwy/",),
    "Vulkan-Hpp": ("vulkan/",),
    "glslang": ("glslang/",),
    "xxHash": ("xxhash.h",),
}
SYSTEM = re.compile(
    r"[a-z_0-9]+"  # the C++ library
    r"|(assert|ctype|errno|fenv|float|inttypes|limits|locale|math|setjmp|signal|stdarg|stdbool|stddef|stdint|stdio|stdlib|string|time"
    r"|dirent|dlfcn|elf|execinfo|fcntl|glob|link|malloc|poll|pthread|sched|spawn|termios|ucontext|unistd|cxxabi|immintrin"
    r"|(sys|linux)/[a-z_0-9]+)\.h")
# What a program writes is not what it includes.
RAW_STRING = re.compile(r'R"(\w*)\(.*?\)\1"', re.DOTALL)
INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]')
PLUGINS = "plugins/*"


class Table:
    """What each room may include: other rooms, and outside libraries."""

    def __init__(self, page):
        rows = re.findall(r"^\| *([^|]+?) *\| *([^|]+?) *\| *([^|]+?) *\|$", page, re.MULTILINE)
        rows = rows[[row[0] for row in rows].index("room") + 2:]  # after the head and its rule
        self.outside = {}
        self.rooms = {}
        for room, may, libraries in rows:
            self.rooms[room] = may
            self.outside[room] = libraries
        self.rooms = {room: self.allowed(room) for room in self.rooms}

    def allowed(self, room):
        names = set(re.findall(r"[a-z]+", self.rooms[room]))
        if "every core room" in self.rooms[room]:
            return set(self.rooms) - {PLUGINS}
        allowed = {name for name in names if name in self.rooms}
        if "what it may include" in self.rooms[room]:
            allowed |= self.allowed("runtime")
        return allowed

    def libraries(self, room, part):
        """The include prefixes that a room, or a part of it (device's cpu and vulkan), may use."""
        text = self.outside[room]
        parts = dict(re.findall(r"(\w+): ([^;]+)", text))
        text = parts.get(part, "") if parts else text
        return tuple(prefix for name, prefixes in OUTSIDE.items() if name in text for prefix in prefixes)


class Tree:
    def __init__(self, root):
        self.root = root
        self.table = Table((root / "docs/architecture.md").read_text(encoding="utf-8"))
        self.found = []

    def check(self):
        for file in sorted([*self.root.glob("core/**/*"), *self.root.glob("plugins/**/*")]):
            if file.suffix in (".cpp", ".hpp", ".h", ".c"):
                self.check_file(file)
        return self.found

    def check_file(self, file):
        top, room, *rest = file.relative_to(self.root).parts
        part = rest[0] if len(rest) > 1 else ""
        if top == "core" and room not in self.table.rooms:
            self.found.append(f"{file.relative_to(self.root)}: the table has no room '{room}'")
            return
        text = RAW_STRING.sub(lambda raw: "\n" * raw.group().count("\n"), file.read_text(encoding="utf-8"))
        for number, line in enumerate(text.splitlines(), 1):
            match = INCLUDE.match(line)
            if match:
                wrong = self.wrong(file, top, room, part, *match.groups())
                if wrong:
                    self.found.append(f"{file.relative_to(self.root)}:{number}: {wrong}")

    def wrong(self, file, top, room, part, quote, path):
        """Says what is wrong with an include, or None."""
        if quote == '"' and (file.parent / path).is_file():
            return None if (file.parent / path).resolve().is_relative_to(self.root / top / room) else f"'{path}' leaves its own folder"
        target, target_part = self.owner(path)
        if top == "plugins":
            return self.wrong_in_plugin(room, path, target)
        if target == room:
            apart = part and target_part and part != target_part
            return f"{room}/{part} may not include '{path}' of {room}/{target_part}" if apart else None
        if target:
            allowed = target in self.table.rooms[room] and not target_part  # a part is its own room's affair
            return None if allowed else f"room '{room}' may not include '{path}' of '{target}'"
        if self.is_outside(path):
            return None if path.startswith(self.table.libraries(room, part)) else f"room '{room}' may not use the outside library of <{path}>"
        return None if SYSTEM.fullmatch(path) else f"<{path}> is neither a room's, nor a known library's, nor the system's"

    def wrong_in_plugin(self, plugin, path, target):
        if path.startswith(OUTSIDE["Vulkan-Hpp"]):
            return "a plugin never uses Vulkan"
        if target and target not in ("sdk", "abi"):
            return f"a plugin may not include '{path}' of core room '{target}'"
        other = path.split("/")[0]
        if other != plugin and (self.root / "plugins" / path).is_file():
            return f"plugin '{plugin}' may not include '{path}' of plugin '{other}'"
        return None

    def owner(self, path):
        """The room that a path under core/ belongs to, and the part of that room; or a pair of empty strings."""
        for room in ("abi", "sdk"):
            if (self.root / "core" / room / path).is_file():
                return room, ""
        if path == "motet/ops.hpp":  # generated
            return "sdk", ""
        room, *rest = path.split("/")
        if room in self.table.rooms and rest:
            parts = [part for part in ("cpu", "vulkan") if room == "device" and part == rest[0]]
            return room, "".join(parts)
        return "", ""

    @staticmethod
    def is_outside(path):
        return path.startswith(tuple(prefix for prefixes in OUTSIDE.values() for prefix in prefixes))


def main(root):
    found = Tree(root.resolve()).check()
    print("\n".join(found) or "every include is as the table has it")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2]))
