#!/usr/bin/env python3
"""The pages say what is so: their pipelines are checked by the real program (MOTET), and the verbs and options they name are there.

With the models of ./dev model on this machine a pipeline must have no mistake. Without them only the paths may be wrong, which is allowed
under a sanitizer alone: MOTET_SANITIZED.
"""
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MOTET = os.environ["MOTET"]
MODELS = Path(os.environ.get("MOTET_MODELS") or Path.home() / ".cache/motet/models")
PLUGIN_PAGES = sorted(page for page in (ROOT / "docs/plugins").glob("*.md") if page.name not in ("README.md", "verify.md"))
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")), ROOT / "docs/plugins/README.md", ROOT / "docs/plugins/verify.md"]
MISSING = {"M0125", "M0300"}  # a path that leads nowhere, weights that cannot be read
COMPLETE = re.compile(r"^```yaml\n(motet: 1\n.*?)^```", re.M | re.S)


def model_of(parameter, pipeline):
    if parameter == "mind":
        return "smollm2"
    return "moonshine-tiny" if parameter == "ears" or "moonshine" in pipeline else "minilm"


def says(*arguments):
    return subprocess.run([MOTET, *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False)


class Pages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        missing = [name for name in ("minilm", "moonshine-tiny", "smollm2") if not (MODELS / name).exists()]
        if missing and not os.environ.get("MOTET_SANITIZED"):
            raise AssertionError(f"./dev model {missing[0]} fetches what this test needs")

    def check(self, page, pipeline):
        with tempfile.TemporaryDirectory() as scratch:
            shutil.copytree(ROOT / "pipelines", scratch, dirs_exist_ok=True)
            file = Path(scratch) / "of_the_page/pipeline.yaml"
            file.parent.mkdir()
            file.write_text(pipeline)
            folders = {name: MODELS / model_of(name, pipeline) for name in re.findall(r"^ +(\w+): +\{type: path", pipeline, re.M)}
            said = says("check", file, "--json", *(word for name, path in folders.items() for word in ("--set", f"{name}={path}")))
            self.assertEqual(said.stderr, "")
            errors = json.loads(said.stdout)["errors"]
            if all(path.exists() for path in folders.values()):
                self.assertEqual(errors, [], page.name)
            else:
                self.assertLessEqual({error.get("code") for error in errors}, MISSING, errors)

    def test_pipelines_of_the_pages(self):
        found = [(page, text) for page in PAGES for text in COMPLETE.findall(page.read_text())]
        self.assertGreaterEqual({page.name for page, _ in found}, {"README.md", "pipelines.md", "walkthrough.md"})
        for page, text in found:
            with self.subTest(page=page.name, pipeline=text.split("\n")[1]):
                self.check(page, text)

    def test_walkthrough_shows_the_files_themselves(self):
        page = (ROOT / "docs/walkthrough.md").read_text()
        for file in ("pipelines/transcribe/pipeline.yaml", "plugins/transformer/families/moonshine.decoder.yaml"):
            self.assertIn(f"```yaml\n{(ROOT / file).read_text()}```", page)

    def test_picture_of_the_readme_is_what_graph_draws(self):
        self.assertIn("docs/images/speech-to-chat.svg", (ROOT / "README.md").read_text())
        models = {"ears": MODELS / "moonshine-tiny", "mind": MODELS / "smollm2"}
        if not all(path.exists() for path in models.values()):
            self.skipTest("the models of ./dev model are not here")
        drawn = says("graph", ROOT / "pipelines/speech-to-chat", *(word for name, path in models.items() for word in ("--set", f"{name}={path}")))
        self.assertEqual(drawn.stdout, (ROOT / "docs/images/speech-to-chat.svg").read_text())

    def test_pages_of_plugins_show_the_templates(self):
        """Which tests/scaffold builds and runs. MOTET_UPDATE_EXPECTED=1 writes the pages anew."""
        templates = ROOT / "templates/kinds"
        self.assertEqual([page.stem for page in PLUGIN_PAGES], sorted(folder.name for folder in templates.iterdir()))
        for page in PLUGIN_PAGES:
            text = page.read_text()
            blocks = {"cpp": "c++/my_plugin.cpp", "c": "c/my_plugin.c", "yaml": "pipeline.yaml"}
            blocks = {block: templates / page.stem / file for block, file in blocks.items() if (templates / page.stem / file).exists()}
            self.assertEqual(sorted(re.findall(r"^```(\w+)$", text, re.M)), sorted(blocks), page.name)
            for block, file in blocks.items():
                wanted = f"```{block}\n{file.read_text()}```\n"
                now = re.sub(rf"^```{block}\n.*?^```\n", lambda _, wanted=wanted: wanted, text, count=1, flags=re.M | re.S)
                if os.environ.get("MOTET_UPDATE_EXPECTED"):
                    page.write_text(now)
                self.assertEqual(text, now, f"{page.name} shows an older {file.name}: MOTET_UPDATE_EXPECTED=1")
                text = now

    def test_verbs_and_options(self):
        page = (ROOT / "docs/pipelines.md").read_text()
        verbs = re.findall(r"^  (\w+) {2,}\w", says("--help").stdout, re.M)
        self.assertIn("run", verbs)
        self.assertEqual(set(re.findall(r"\bmotet ([a-z]+)\b", page)), set(verbs))
        inner = [("plugin", verb) for verb in re.findall(r"^  (\w+) {2,}\w", says("plugin", "--help").stdout, re.M)]
        self.assertEqual(set(re.findall(r"\bmotet plugin ([a-z]+)\b", page)), {verb for _, verb in inner})
        options = {"help"}
        for words in [(verb,) for verb in verbs] + inner:
            options |= set(re.findall(r"^  --([a-z]+)", says(*words, "--help").stdout, re.M))
        self.assertEqual(set(re.findall(r"--([a-z]+)", page)) | {"help"}, options)

    def test_codes(self):
        for page in PAGES + PLUGIN_PAGES:
            for code in re.findall(r"\bM\d{4}\b", page.read_text()):
                with self.subTest(page=page.name, code=code):
                    self.assertEqual(says("explain", code).returncode, 0)

    def test_links_lead_somewhere(self):
        for page in PAGES + PLUGIN_PAGES:
            for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
                with self.subTest(page=page.name, link=link):
                    self.assertTrue((page.parent / link).exists())


if __name__ == "__main__":
    unittest.main()
