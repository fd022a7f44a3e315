#!/usr/bin/env python3
"""What an editor makes of motet schema, through the language server that editors of YAML use."""
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import npm_packages
from editor import Editor

ROOT = Path(__file__).resolve().parents[2]
MOTET = os.environ["MOTET"]
PIPELINE = """# yaml-language-server: $schema=motet.schema.json
motet: 1
params: {most: {type: int, default: 8}}
inputs: {text: text}
weights: {bert: model}
stages:
  words:
    use: tokenizer
    with: {file: model, padding: none, max_length: "${most}"}
    in: {text: inputs.text}
  answer:
    use: decoder.transformer
    with:
      family: llama
      max_tokens: 3
    weights: bert
    in: {tokens: words}
    slots:
      text: {use: tokenizer, with: {file: model}}
      sampler:
        use: sampler.standard
        with: {temperature: 0.5}
outputs: {ids: words.ids}
"""


class InAnEditor(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, folder)
        schema = subprocess.run([MOTET, "schema"], capture_output=True, timeout=60, check=True).stdout
        (folder / "motet.schema.json").write_bytes(schema)
        cls.editor = Editor(npm_packages.language_server(), folder)
        cls.addClassCleanup(cls.editor.close)

    def offered(self, old, new):
        self.assertIn(old, PIPELINE)
        return self.editor.completions(PIPELINE.replace(old, new, 1))

    def shown(self, old, new):
        self.assertIn(old, PIPELINE)
        return self.editor.hover(PIPELINE.replace(old, new, 1))

    def test_keys(self):
        self.assertLessEqual({"name", "summary"}, set(self.offered("inputs: {text", "¦\ninputs: {text")))
        offered = self.offered("    in: {text: inputs.text}\n", "    ¦\n")
        self.assertEqual(offered["in"], "what each input takes: stage, stage.port or inputs.name")
        self.assertLessEqual({"slots", "weights", "include"}, set(offered))
        self.assertNotIn("use", offered)  # it is there

    def test_types(self):
        offered = self.offered("use: tokenizer", "use: ¦")
        self.assertEqual(offered["decoder.transformer"], type_summary("decoder.transformer"))
        self.assertLessEqual({"tokenizer", "encoder.transformer", "retrieval.pool"}, set(offered))
        self.assertNotIn("tokenizer:tokenizer", offered)  # one plugin has it: the short name is enough
        self.assertEqual(set(self.offered("use: sampler.standard", "use: ¦")), {"sampler.standard"})
        self.assertLessEqual({"text", "audio", "text[]"}, set(self.offered("inputs: {text: text}", "inputs:\n  text: ¦")))

    def test_parameters(self):
        offered = self.offered("      max_tokens: 3\n", "      ¦\n")
        self.assertIn("default 0; 0 to", offered["max_tokens"])
        self.assertIn("stop", offered)
        self.assertNotIn("family", offered)  # it is there
        self.assertEqual(set(self.offered("padding: none", "padding: ¦")), {"none", "file"})
        self.assertIn("top_p", self.offered("{temperature: 0.5}", "{top¦}"))

    def test_slots_and_ports(self):
        offered = self.offered("      text: {use: tokenizer, with: {file: model}}\n", "      ¦\n")
        self.assertLessEqual({"text", "merge", "cross_attention"}, set(offered))
        self.assertIn("vectors of other modalities", offered["merge"])
        self.assertIn("text", self.offered("{text: inputs.text}", "\n      ¦"))

    def test_under_the_cursor(self):
        self.assertIn("pad as the file says, or not at all (default file; one of file, none)", self.shown("padding:", "pad¦ding:"))
        self.assertIn("makes text of tokens", self.shown("      text: {use", "      te¦xt: {use"))
        self.assertIn("what each input takes", self.shown("    in: {text", "    i¦n: {text"))
        self.assertIn("#### sampler.standard", self.shown("{temperature", "{temp¦erature"))

    def test_mistakes(self):
        self.assertEqual(self.editor.mistakes(PIPELINE), [])
        for old, new, line, said in (
            ("padding: none", "paddin: none", 9, "paddin"),
            ("padding: none", "padding: sideways", 9, '"none"'),
            ("max_tokens: 3", "max_tokens: -3", 15, "below the minimum of 0"),
            ("max_tokens: 3", "max_tokens: many", 15, "integer"),
            ("use: decoder.transformer", "use: decoder.transfomer", 12, '"decoder.transformer"'),
            ("use: sampler.standard", "use: tokenizer", 21, '"sampler.standard"'),
            ("      family: llama\n", "", 13, '"family"'),
            ("inputs: {text: text}", "inputs: {text: texts}", 4, '"text"'),
            ("outputs:", "output:", 23, "output"),
        ):
            with self.subTest(new or old):
                found = self.editor.mistakes(PIPELINE.replace(old, new, 1))
                self.assertTrue(any(at == line and said in message for at, message in found), found)


def type_summary(name):
    said = subprocess.run([MOTET, "inspect", name], capture_output=True, text=True, timeout=60, check=True).stdout
    return said.splitlines()[1]


if __name__ == "__main__":
    unittest.main()
