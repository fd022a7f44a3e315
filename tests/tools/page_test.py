#!/usr/bin/env python3
"""motet graph --format html in a real browser, where Debian's chromium is installed: what it shows, and what a click does."""
import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

MOTET = os.environ["MOTET"]
CHROMIUM = shutil.which("chromium")
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


class Browser:
    """A page in headless Chromium, spoken to through its pipes: JSON messages, each ended by a zero byte."""

    def __init__(self, url, profile):
        to_read, self.to = os.pipe()
        self.come, come_write = os.pipe()

        def pipes():  # where --remote-debugging-pipe looks for them
            moved = os.dup(to_read), os.dup(come_write)
            os.dup2(moved[0], 3)
            os.dup2(moved[1], 4)

        self.process = subprocess.Popen(
            [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", f"--user-data-dir={profile}", "--remote-debugging-pipe"],
            preexec_fn=pipes, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "HOME": str(profile)})
        os.close(to_read)
        os.close(come_write)
        self.number, self.rest, self.session = 0, b"", None
        try:
            self.open(url)
        except BaseException:
            self.close()
            raise

    def open(self, url):
        target = self.ask("Target.createTarget", url="about:blank", newWindow=True, width=1400, height=1000)["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.complaints = []
        self.ask("Runtime.enable")
        self.ask("Log.enable")
        self.ask("Page.enable")
        self.ask("Page.navigate", url=url)
        self.until("document.readyState === 'complete' && document.querySelector('details') !== null")

    def ask(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        while True:
            while b"\0" not in self.rest:
                read = os.read(self.come, 65536)
                if not read:
                    raise AssertionError("the browser has gone")
                self.rest += read
            one, self.rest = self.rest.split(b"\0", 1)
            answer = json.loads(one)
            if answer.get("method") in ("Runtime.exceptionThrown", "Log.entryAdded"):
                self.complaints.append(answer["params"])
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise AssertionError(answer["error"])
                return answer["result"]

    def value(self, script):
        return self.ask("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)["result"].get("value")

    def until(self, script):
        for _ in range(100):
            if self.value(script):
                return
            self.value("new Promise(done => setTimeout(done, 50))")
        raise AssertionError(f"never: {script}")

    def click(self, selector):
        x, y = self.value(f"(() => {{ const e = document.querySelector({json.dumps(selector)}); e.scrollIntoView({{block: 'center'}}); "
                          "const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; })()")
        for kind in "mousePressed", "mouseReleased":
            self.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.to)
        os.close(self.come)


@unittest.skipIf(CHROMIUM is None, "chromium is not installed")
class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        pipeline, run, page = cls.folder / "pipeline.yaml", cls.folder / "run.json", cls.folder / "page.html"
        pipeline.write_text(PIPELINE)
        run.write_bytes(subprocess.run([MOTET, "run", pipeline, "--json", "--device", "cpu"], check=True, capture_output=True).stdout)
        subprocess.run([MOTET, "graph", pipeline, "--format", "html", "--timings", run, "--out", page], check=True)
        cls.browser = Browser(page.as_uri(), cls.folder / "profile")
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
        self.assertTrue(any(text.rstrip().endswith("ms") for text in summaries))
        # A click on a box of the drawing opens its stage and marks it.
        browser.click("figure a[href='#stage-left']")
        browser.until("document.querySelector('#stage-left').open")
        self.assertEqual(self.opened(), ["stage-left"])
        text = browser.value("document.querySelector('#stage-left').innerText")
        for wanted in "from the input a", "f32[", "pooling", "max", "normalize", "true", "divide by the vector's length":
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
