#!/usr/bin/env python3
"""motet graph --format mermaid, drawn by Mermaid itself in a real browser: each box and each edge is there with its words."""
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import npm_packages
from browser import Browser

ROOT = Path(__file__).resolve().parents[2]
MOTET = os.environ["MOTET"]
# Names that mean something to Mermaid, an island, a list, and what HTML would read as markup in a text.
PIPELINE = """motet: 1
name: subgraph
summary: 'a "quote" & <b>more</b>; %% no comment'
inputs: {end: {type: "f32[T, 3]", default: [[1, 2, 3]]}, graph: {type: "f32[S, 3]", default: [[3, 2, 1]]}, words: {type: "text[]"}}
stages:
  default: {use: retrieval.pool, in: {x: inputs.end}}
  click:   {use: retrieval.pool, in: {x: inputs.graph}}
  style:   {use: retrieval.similarity, in: {a: default, b: click}}
  o-x:     {use: retrieval.rank, in: {scores: style.scores, texts: inputs.words}}
outputs: {class: style.scores, text: o-x.text, order: o-x.order}
"""


def graph(pipeline, format_name):
    said = subprocess.run([MOTET, "graph", pipeline, "--format", format_name], capture_output=True, text=True, timeout=60, check=False)
    assert said.returncode == 0, said.stderr
    return said.stdout


class Mermaid(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        page = cls.folder / "page.html"
        page.write_text(f'<!doctype html><meta charset="utf-8"><body><script src="{npm_packages.mermaid().as_uri()}"></script>')
        cls.browser = Browser(page.as_uri(), cls.folder / "profile", "window.mermaid !== undefined")
        cls.addClassCleanup(cls.browser.close)

    def test_draws_what_there_is(self):
        file = self.folder / "pipeline.yaml"
        file.write_text(PIPELINE)
        wanted = json.loads(graph(file, "json"))
        drawn = self.browser.value(f"""(async () => {{
          mermaid.initialize({{startOnLoad: false}});
          document.body.innerHTML = (await mermaid.render("drawn", {json.dumps(graph(file, "mermaid"))})).svg;
          const texts = selector => [...document.querySelectorAll(selector + " foreignObject > div")].map(one => one.innerText);
          return {{nodes: texts(".node"), clusters: texts(".cluster"), labels: texts(".edgeLabel"),
                   paths: document.querySelectorAll(".edgePaths > path").length}};
        }})()""")
        self.assertEqual(sorted(text.split("\n")[0] for text in drawn["nodes"]), sorted(box["name"] for box in wanted["boxes"]))
        words = " ".join(drawn["nodes"])
        for box in wanted["boxes"]:
            self.assertIn(box["type"], words)
        self.assertEqual(drawn["clusters"], wanted["islands"])
        self.assertEqual(drawn["paths"], len(wanted["edges"]))
        self.assertEqual(sorted(drawn["labels"]), sorted("\n".join(filter(None, (edge["from_port"], edge["type"], edge["to_port"]))) for edge in wanted["edges"]))

    def test_mistakes_would_be_seen(self):
        self.assertRegex(self.browser.value('mermaid.parse("flowchart TD\\n  a -- b").then(() => "fine", String)'), re.compile("Parse error", re.I))


if __name__ == "__main__":
    unittest.main()
