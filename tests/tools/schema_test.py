#!/usr/bin/env python3
"""`motet schema` against an independent validator: every pipeline here is valid, and every bad one that a schema can see is not."""
import json
import os
import re
import subprocess
import unittest
from pathlib import Path

import jsonschema
import yaml

ROOT = Path(__file__).resolve().parents[2]
MOTET = os.environ["MOTET"]

# The mistakes of one file's structure. The others are references and edges, values known later, files, what YAML itself refuses.
SEEN = {"M0011", "M0012", "M0017", "M0020", "M0107", "M0110", "M0120", "M0121", "M0122", "M0123", "M0124", "M0130", "M0131", "M0132",
        "M0135", "M0201"}


def schema():
    return json.loads(subprocess.run([MOTET, "schema"], capture_output=True, text=True, timeout=60, check=True).stdout)


class Schema(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.schema = schema()
        jsonschema.Draft202012Validator.check_schema(cls.schema)
        cls.validator = jsonschema.Draft202012Validator(cls.schema)

    def mistakes(self, text):
        return [error.message for error in self.validator.iter_errors(yaml.safe_load(text))]

    def test_pipelines_are_valid(self):
        files = sorted((ROOT / "pipelines").glob("*/pipeline.yaml"))
        self.assertGreaterEqual(len(files), 6)
        for file in files:
            with self.subTest(file=file.parent.name):
                self.assertEqual(self.mistakes(file.read_text()), [])

    def test_bad_pipelines_are_not(self):
        tried = 0
        for expected in sorted((ROOT / "tests/bad_yaml").glob("*.expected")):
            codes = set(re.findall(r"error\[(M\d+)\]", expected.read_text()))
            if not codes & SEEN:
                continue
            tried += 1
            with self.subTest(case=expected.stem):
                self.assertNotEqual(self.mistakes(expected.with_suffix(".yaml").read_text()), [])
        self.assertGreater(tried, 12)

    def test_what_is_declared(self):
        """Each line as it stands is right, and wrong once its end is another one."""
        text = """
motet: 1
params: {a: {type: PARAM}}
inputs: {x: TYPE }
stages: {words: {use: tokenizer, with: {file: x}, in: {text: REFERENCE}, isolate: APART}}
outputs: {ids: words.ids}
"""
        for place, right, wrong in (
            ("PARAM", "int, min: 1, max: 3, default: 2", "string, min: 1"), ("PARAM", "enum, choices: [a]", "enum"),
            ("PARAM", "float, default: 0.001", "float, default: low"), ("PARAM", '"int[]", default: [1]', '"int[]", default: 1'),
            ("PARAM", 'bool, default: "${env:QUIET}"', "bool, default: maybe"), ("PARAM", '"text[]"', "texts"),
            ("PARAM", "string, choices: [a, 1]", "path, choices: [a]"),
            ("TYPE", '"text[]"', '"text[2]"'), ("TYPE", '"f32[T, 80]"', '"f33[T, 80]"'), ("TYPE", '"f32[..., 80]"', '"f32[80, ...]"'),
            ("TYPE", '"f16[T][]"', '"tensor[]"'), ("TYPE", "{type: audio, once: true}", "{type: audio, once: no way}"),
            ("APART", "false", "apart"), ("APART", "{timeout_ms: 5, memory_mb: 8}", "{timeout_ms: 0}"), ("APART", "{}", "{seconds: 3}"),
            ("REFERENCE", "inputs.x", "inputs"), ("REFERENCE", "[inputs.x]", "[inputs.x, inputs.x]"), ("REFERENCE", "stage", "a.b.c"),
        ):
            defaults = {"PARAM": "int", "TYPE": "text", "REFERENCE": "inputs.x", "APART": "true"}

            def filled(written):
                out = text
                for name, value in {**defaults, place: written}.items():
                    out = out.replace(name, value)
                return out

            with self.subTest(right):
                self.assertEqual(self.mistakes(filled(right)), [])
            with self.subTest(wrong):
                self.assertNotEqual(self.mistakes(filled(wrong)), [])
        for name in "inputs", "my words", "2nd":
            self.assertNotEqual(self.mistakes(filled("inputs.x").replace("{words:", f"{{{name}:")), [], name)

    def test_host_stages_alone_are_isolated(self):
        text = (ROOT / "templates/kinds/projector/pipeline.yaml").read_text().replace("my_plugin", "projector.linear")
        text = text.replace("weights: mine, in", "with: {weight: up}, isolate: APART, weights: mine, in")
        self.assertEqual(self.mistakes(text.replace("APART", "false")), [])
        self.assertNotEqual(self.mistakes(text.replace("APART", "true")), [])
        slot = """
motet: 1
inputs: {x: text}
stages:
  ask: {use: prompt.chat, with: {template: t}, in: {user: inputs.x}, slots: {text: {use: tokenizer, with: {file: x}, isolate: APART}}}
outputs: {y: ask}
"""
        self.assertEqual(self.mistakes(slot.replace("APART", "false")), [])
        self.assertNotEqual(self.mistakes(slot.replace("APART", "true")), [])

    def test_inputs_may_have_defaults(self):
        text = (ROOT / "templates/kinds/projector/pipeline.yaml").read_text().replace("my_plugin", "projector.linear")
        text = text.replace("weights: mine, in", "with: {weight: up}, weights: mine, in")
        self.assertEqual(self.mistakes(text), [])
        self.assertNotEqual(self.mistakes(text.replace("default:", "defaults:")), [])

    def test_what_an_editor_is_told(self):
        text = """
motet: 1
inputs: {text: text}
stages:
  words: {use: tokenizer, with: {file: x, paddin: none}, in: {text: inputs.text}}
outputs: {ids: words.ids}
"""
        self.assertTrue(any("paddin" in mistake for mistake in self.mistakes(text)))
        self.assertEqual(self.mistakes(text.replace("paddin: none", "padding: none")), [])
        self.assertNotEqual(self.mistakes(text.replace("paddin: none", "padding: sideways")), [])
        self.assertEqual(self.mistakes(text.replace("paddin: none", 'padding: "${how}"')), [])
        self.assertNotEqual(self.mistakes(text.replace("use: tokenizer", "use: tokeniser").replace("paddin", "padding")), [])
        rank = self.schema["$defs"]["type:sampler:sampler.standard"]["properties"]["with"]["properties"]
        self.assertEqual(rank["top_p"]["anyOf"][0]["maximum"], 1)
        self.assertIn("bolder (default 0; 0 to 100)", rank["temperature"]["description"])


if __name__ == "__main__":
    unittest.main()
