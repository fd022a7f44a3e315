#!/usr/bin/env python3
"""Installs Motet, moves it, and takes a plugin of each kind its author's way:  scaffold_test.py BUILD_FOLDER

Then a fault is planted in each, and the plugin's own tests must find it.
"""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
from installed import Installed  # noqa: E402

BUILD = Path(sys.argv.pop() if len(sys.argv) > 1 else HERE.parents[1] / "build/release").resolve()
KINDS = HERE.parents[1] / "templates/kinds"
# By kind and language: what a hurried author might write instead.
FAULTS = {
    ("cross-attention", "c++"): ("g.tanh(g.weight(gate_))", "g.weight(gate_)"),
    ("decoder", "c++"): (".position = step.positions});\n    const motet::State", "});\n    const motet::State"),
    ("encoder", "c++"): ("const motet::Tensor query = g.rope(head(query_), width)", "const motet::Tensor query = head(query_)"),
    ("host-stage", "c++"): ("words == most_", "words > most_"),
    ("host-stage", "c"): ("words == stage->most", "words > stage->most"),
    ("operation", "c++"): ("sum += window(j) * x[", "sum += x["),
    ("projector", "c++"): ("g.linear(x, g.weight(up_)), open", "g.linear(x, g.weight(gate_)), open"),
    ("projector", "c"): ('.string = "mul"', '.string = "add"'),
    ("tokenizer", "c++"): ("kBegin = 256, kEnd = 257", "kBegin = 257, kEnd = 256"),
}
# Those that a host with sanitizers, where each build and run is slow, has to be seen with: a stage that computes on values, one on
# the device, one in C.
SANITIZED = {("decoder", "c++"), ("tokenizer", "c++"), ("host-stage", "c")}
WANTED_FIRST = {"cross-attention": "[6,4,9,7,5,7,5,7]\n", "decoder": "[5,6,8,9,3,8,9,1,2,8,9,1]\n", "host-stage": "hear me and\n"}


class AuthorsWay(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.scratch)
        cls.installed = Installed(BUILD, cls.scratch)

    @classmethod
    def run_in(cls, folder, *command, status=0):
        return cls.installed.run(*command, folder=folder, status=status)

    def build(self, folder):
        self.run_in(folder, "cmake", "--build", "build")

    def go(self, kind, language, name):
        self.run_in(self.scratch, "motet", "plugin", "new", "--kind", kind, "--language", language, name)
        folder = self.scratch / name
        self.run_in(folder, "cmake", "-B", "build", "-Wno-dev")
        self.build(folder)
        tested = self.run_in(folder, "ctest", "--test-dir", "build", "--no-tests=error", "--output-on-failure").stdout
        self.assertIn(f"{name}: pipeline.yaml", tested)
        said = self.run_in(folder, "motet", "run", "pipeline.yaml", "--plugins", "build").stdout
        self.assertEqual(said, WANTED_FIRST.get(kind, said))
        self.assertTrue(said)
        self.assertIn(name, self.run_in(folder, "motet", "inspect", name, "--plugins", "build").stdout)
        return folder

    def plant(self, folder, fault):
        source = next(folder.glob(f"{folder.name}.c*"))
        text = source.read_text()
        self.assertIn(fault[0], text)
        source.write_text(text.replace(fault[0], fault[1], 1))
        self.build(folder)
        failed = self.run_in(folder, "ctest", "--test-dir", "build", status=None)
        self.assertNotEqual(failed.returncode, 0, f"no test finds the fault in {folder.name}")

    def test_every_kind(self):
        there = {(folder.parent.name, folder.name) for folder in KINDS.glob("*/c*") if folder.is_dir() and folder.name in ("c", "c++")}
        self.assertEqual(there, set(FAULTS))
        for number, (kind, language) in enumerate(sorted(there)):
            if self.installed.sanitized and (kind, language) not in SANITIZED:
                continue
            with self.subTest(kind=kind, language=language):
                folder = self.go(kind, language, f"plugin_{number}")
                if not self.installed.sanitized:
                    self.plant(folder, FAULTS[kind, language])

    def test_an_operation_runs_as_a_shader(self):
        """The GLSL is held against the same values as the C++, which the plugin's own tests see on a machine without a GPU."""
        folder = self.go("operation", "c++", "folding")
        words = ("motet", "test", "pipeline.yaml", "--plugins", "build", "--device", "vulkan", "--checked")
        self.run_in(folder, *words)
        source = folder / "folding.cpp"
        right = source.read_text()
        for fault, wanted in ((("sum += window(j) * x_at(", "sum += x_at("), "signal"),
                              (("(n - width) / h + 1u", "(n - width) / hopp + 1u"), "its GLSL, line 10: 'hopp' : undeclared identifier")):
            self.assertIn(fault[0], right)
            source.write_text(right.replace(*fault))
            self.build(folder)
            said = self.run_in(folder, *words, status=None)
            self.assertNotEqual(said.returncode, 0)
            self.assertIn(wanted, said.stdout + said.stderr)
            # The cpu never looks at it.
            self.run_in(folder, "ctest", "--test-dir", "build", "--no-tests=error")

    def test_c_needs_no_cplusplus(self):
        self.run_in(self.scratch, "motet", "plugin", "new", "--kind", "projector", "--language", "c", "plain")
        self.run_in(self.scratch / "plain", "cmake", "-B", "build", "-DCMAKE_CXX_COMPILER=/nowhere/c++")
        self.build(self.scratch / "plain")
        self.run_in(self.scratch / "plain", "ctest", "--test-dir", "build", "--no-tests=error")

    def test_what_is_built_and_not_installed_is_enough(self):
        environment = {**self.installed.environment, "PATH": f"{BUILD / 'bin'}{os.pathsep}{os.environ['PATH']}"}
        for command in (("motet", "plugin", "new", "--kind", "host-stage", "beside"), ("cmake", "-S", "beside", "-B", "beside/build"),
                        ("cmake", "--build", "beside/build"), ("ctest", "--test-dir", "beside/build", "--no-tests=error")):
            done = subprocess.run(command, capture_output=True, text=True, cwd=self.scratch, env=environment, check=False)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_references_write_what_is_there(self):
        for reference in KINDS.glob("*/reference.py"):
            with self.subTest(kind=reference.parent.name):
                copy = self.scratch / f"reference-{reference.parent.name}"
                shutil.copytree(reference.parent, copy)
                self.run_in(copy, sys.executable, "reference.py")
                for file in reference.parent.rglob("*"):
                    if file.is_file():
                        self.assertEqual(file.read_bytes(), (copy / file.relative_to(reference.parent)).read_bytes(), file.name)

    def test_refusals_leave_nothing(self):
        folder = self.scratch / "refusals"
        folder.mkdir()
        for words, wanted in ((("--kind", "decode", "x"), "did you mean 'decoder'?"), (("--kind", "decoder", "tokenizer"), "is taken"),
                              (("--kind", "decoder", "X"), "cannot be a plugin's name"), (("x",), "--kind is missing")):
            said = self.run_in(folder, "motet", "plugin", "new", *words, status=2)
            self.assertIn(wanted, said.stderr)
        self.assertEqual(list(folder.iterdir()), [])


if __name__ == "__main__":
    unittest.main()
