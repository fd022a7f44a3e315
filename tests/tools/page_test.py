#!/usr/bin/env python3
"""motet graph --format html in a real browser: what it shows, and what a click does."""
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from browser import Browser

MOTET = os.environ["MOTET"]
PIPELINE = """motet: 1
name: nearness
summary: "How <near> & far: two signals meet."
inputs: {a: {type: "f32[T, 3]", default: [[1, 2, 3], [4, 5, 6]]}, b: {type: "f32[S, 3]", default: [[3, 2, 1]]}}
stages:
  left:  {use: retrieval.pool, with: {pooling: max}, in: {x: inputs.a}}
  right: {use: retrieval.pool, in: {x: inputs.b}}
  match: {use: retrieval.similarity, in: {a: left, b: right}}
outputs: {scores: match.scores}
"""


class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        pipeline, run, page = cls.folder / "pipeline.yaml", cls.folder / "run.json", cls.folder / "page.html"
        pipeline.write_text(PIPELINE)
        run.write_bytes(subprocess.run([MOTET, "run", pipeline, "--json", "--device", "cpu"], check=True, capture_output=True).stdout)
        subprocess.run([MOTET, "graph", pipeline, "--format", "html", "--timings", run, "--out", page], check=True)
        cls.browser = Browser(page.as_uri(), cls.folder / "profile", "document.querySelector('details') !== null")
        cls.addClassCleanup(cls.browser.close)

    def opened(self):
        return self.browser.value("[...document.querySelectorAll('section > details[open]')].map(one => one.id)")

    def test_ways_of_a_reader(self):
        browser = self.browser
        # Closed at first; names, types and times are there to be seen.
        self.assertEqual(self.opened(), [])
        self.assertEqual(browser.value("document.title"), "nearness")
        self.assertEqual(browser.value("document.querySelector('.summary').textContent"), "How <near> & far: two signals meet.")
        summaries = browser.value("[...document.querySelectorAll('section > details > summary')].map(one => one.innerText)")
        self.assertEqual([text.split()[:2] for text in summaries],
                         [["left", "retrieval.pool"], ["right", "retrieval.pool"], ["match", "retrieval.similarity"]])
        self.assertTrue(all(text.rstrip().endswith("ms") for text in summaries))
        shares = browser.value("[...document.querySelectorAll('summary .share')].map(one => one.firstChild.offsetWidth / one.offsetWidth)")
        self.assertEqual(len(shares), 3)
        self.assertTrue(all(0 < share <= 1 for share in shares), shares)
        # A click on a box of the drawing opens its stage and marks it.
        browser.click("figure a[href='#stage-left']")
        browser.until("document.querySelector('#stage-left').open")
        self.assertEqual(self.opened(), ["stage-left"])
        text = browser.value("document.querySelector('#stage-left').innerText")
        for wanted in "last run", "1 call", "from the input a", "f32[B, T, 3]", "f32[B, 3]", "pooling", "max", "normalize", "true", "divide by the vector's length":
            self.assertIn(wanted, text)
        browser.click("figure a[href='#stage-match']")
        browser.until("document.querySelector('#stage-match').classList.contains('chosen')")
        self.assertFalse(browser.value("document.querySelector('#stage-left').classList.contains('chosen')"))
        # The same box again, after its stage was closed by hand.
        browser.click("#stage-match > summary")
        browser.until("!document.querySelector('#stage-match').open")
        browser.click("figure a[href='#stage-match']")
        browser.until("document.querySelector('#stage-match').open")
        # All at once, and back.
        browser.click("#all")
        browser.until("document.querySelectorAll('section > details[open]').length === 3")
        browser.click("#all")
        browser.until("document.querySelectorAll('section > details[open]').length === 0")
        # Nothing lies beside or under something else, and nothing was complained about.
        self.assertLessEqual(browser.value("document.documentElement.scrollWidth"), browser.value("innerWidth"))
        self.assertEqual(browser.value("performance.getEntriesByType('resource').length"), 0)
        self.assertEqual(browser.complaints, [])


if __name__ == "__main__":
    unittest.main()
