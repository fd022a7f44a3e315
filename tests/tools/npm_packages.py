"""What tests use of npm: pinned, fetched on first use, and kept outside of the tree."""
import hashlib
import os
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools/models"))
import archives  # noqa: E402

LOCKED = ROOT / "tests/tools/npm"
HOME = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "motet"
MERMAID = archives.Archive("npm", "mermaid@11.12.0", "93492e4d609be83653a41c435f4cbd7e74419f7fa6b4fc90a8c983195f64af82")


def language_server():
    """The program of yaml-language-server, for node."""
    pinned = hashlib.sha256((LOCKED / "package-lock.json").read_bytes()).hexdigest()

    def make(made, _):
        shutil.copytree(LOCKED, made)
        archives.run_client("yaml-language-server", "npm", "ci", "--prefix", made, "--ignore-scripts", "--no-audit", "--no-fund")

    folder = archives.made_once(HOME / f"yaml-language-server-{pinned[:12]}", make, "serves editors of YAML; MIT")
    return folder / "node_modules/yaml-language-server/bin/yaml-language-server"


def mermaid():
    """Mermaid as one script, for a browser."""

    def make(made, scratch):
        made.mkdir()
        shutil.move(MERMAID.unpack_into(scratch / "package") / "package/dist/mermaid.min.js", made)

    return archives.made_once(HOME / MERMAID.package, make, "draws Mermaid's diagrams; MIT") / "mermaid.min.js"
