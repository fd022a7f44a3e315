#!/usr/bin/env python3
"""Installs Motet, moves it elsewhere, builds a plugin against what lies there, and runs it:  consumer_test.py BUILD_FOLDER"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BUILD = Path(sys.argv.pop() if len(sys.argv) > 1 else ROOT / "build/release").resolve()


def run(*command, **options):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, **options)
    if done.returncode:
        raise AssertionError(f"{command} ended with {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


class Installed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.scratch)
        run("cmake", "--install", BUILD, "--prefix", cls.scratch / "installed")
        cls.motet = (cls.scratch / "installed").rename(cls.scratch / "moved")
        cls.built = cls.scratch / "plugin"
        # The consumer's flags are its own; only a sanitizer's run-time library must be the host's.
        cached = (BUILD / "CMakeCache.txt").read_text()
        sanitize = next((line.split("=", 1)[1] for line in cached.splitlines() if line.startswith("MOTET_SANITIZE:")), "")
        flags = f"-fsanitize={sanitize}" if sanitize else ""
        sources = shutil.copytree(HERE / "plugin", cls.scratch / "sources")
        # The first plugin that a reader of README.md sees, as it stands there.
        (sources / "shout.cpp").write_text(re.search(r"^```cpp\n(.*?)^```", (ROOT / "README.md").read_text(), re.M | re.S).group(1))
        run("cmake", "-G", "Ninja", "-S", sources, "-B", cls.built, f"-DCMAKE_PREFIX_PATH={cls.motet}", f"-DCMAKE_CXX_FLAGS={flags}")
        run("cmake", "--build", cls.built)

    def motet_says(self, *arguments):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("MOTET_")}
        return run(self.motet / "bin/motet", *arguments, env=environment)

    def test_moved_tree_finds_its_own_plugins(self):
        shipped = {file.stem for file in (self.motet / "lib/motet/plugins").glob("*.so")}
        self.assertIn("tokenizer", shipped)
        listed = self.motet_says("plugins")
        for name in shipped:
            self.assertIn(name, listed)

    def test_what_few_commands_need_is_not_loaded_at_start(self):
        needed = run("readelf", "--dynamic", self.motet / "bin/motet")
        self.assertIn("NEEDED", needed)
        for library in ("libhwy", "libvulkan"):
            self.assertNotIn(library, needed)

    def test_nothing_remembers_where_it_was_built(self):
        for file in (self.motet / "lib/cmake/motet").iterdir():
            self.assertNotIn(str(BUILD), file.read_text())
            self.assertNotIn(str(self.scratch / "installed"), file.read_text())

    def test_plugin_exports_one_symbol(self):
        symbols = run("nm", "--dynamic", "--defined-only", "--format=posix", self.built / "consumer.so")
        self.assertEqual([line.split()[0] for line in symbols.splitlines()], ["motet_plugin"])

    def test_plugin_is_described(self):
        self.assertIn("consumer.double", self.motet_says("plugins", "--plugins", self.built))
        self.assertIn("y = x + x.", self.motet_says("inspect", "consumer.double", "--plugins", self.built))

    def test_plugin_of_the_readme(self):
        pipeline = self.scratch / "shout.yaml"
        pipeline.write_text("motet: 1\ninputs: {text: text}\nstages:\n  s: {use: text.shout, in: {text: inputs.text}}\noutputs: {text: s}\n")
        self.assertEqual(self.motet_says("run", pipeline, "--plugins", self.built, "--in", "text=hear me"), "hear me!\n")

    def test_plugin_runs(self):
        said = self.motet_says("run", HERE / "plugin/pipeline.yaml", "--plugins", self.built, "--in", "text=hear me")
        self.assertEqual(said, "HEAR ME!\n")


if __name__ == "__main__":
    unittest.main()
