#!/usr/bin/env python3
"""What the real program (MOTET) shows on a terminal and nowhere else: progress over many items, colours."""
import os
import pty
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MOTET = os.environ["MOTET"]
PIPELINE = f"""motet: 1
inputs: {{text: text}}
stages:
  words: {{use: tokenizer, with: {{file: {ROOT}/tests/bad_yaml/files/little-tokenizer.json}}, in: {{text: inputs.text}}}}
outputs: {{ids: words.ids}}
"""


def on_terminal(*arguments):
    """Stdout, which is a pipe, and what the terminal that is stderr got."""
    terminal, of_program = pty.openpty()
    process = subprocess.Popen([MOTET, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=of_program)
    os.close(of_program)
    shown = b""
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # the program has closed it
            break
        if not piece:
            break
        shown += piece
    out = process.stdout.read()
    process.stdout.close()
    process.wait()
    os.close(terminal)
    return out.decode(), shown.decode()


class Terminal(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        (self.folder / "p.yaml").write_text(PIPELINE)

    def test_progress_of_many_items(self):
        for number in range(3):
            (self.folder / f"{number}.txt").write_text("a b")
        run = ["run", self.folder / "p.yaml", "--in", f"text=@{self.folder}/*.txt"]
        out, shown = on_terminal(*run)
        self.assertIn("\r1 of 3 items", shown)
        self.assertIn("\r2 of 3 items", shown)
        self.assertTrue(shown.endswith("\r\x1b[K"), repr(shown))  # nothing is left of it
        piped = subprocess.run([MOTET, *map(str, run)], capture_output=True, text=True, check=True)
        self.assertEqual((piped.stdout, piped.stderr), (out, ""))

    def test_one_item_has_no_progress(self):
        _, shown = on_terminal("run", self.folder / "p.yaml", "--in", "text=a")
        self.assertEqual(shown, "")

    def test_colours(self):
        (self.folder / "bad.yaml").write_text(PIPELINE.replace("use: tokenizer", "use: tokeniser"))
        _, shown = on_terminal("check", self.folder / "bad.yaml")
        self.assertIn("\x1b[", shown)
        piped = subprocess.run([MOTET, "check", self.folder / "bad.yaml"], capture_output=True, text=True)
        self.assertNotIn("\x1b", piped.stderr + piped.stdout)
        self.assertIn("tokenizer", piped.stderr)


if __name__ == "__main__":
    unittest.main()
