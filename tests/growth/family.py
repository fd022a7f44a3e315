#!/usr/bin/env python3
"""Gives MiniLM's tensors and settings other names and asks for its vectors through the family file that `run` added:
they must be the ones that MiniLM itself gives."""
import json
import shutil
import struct
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MOTET = ROOT / "build/release/bin/motet"
TENSORS = {
    "embeddings.word_embeddings": "words",
    "embeddings.position_embeddings": "places",
    "embeddings.token_type_embeddings": "kinds",
    "embeddings.LayerNorm": "entry_norm",
    "encoder.layer": "transformer",
    "attention.self.query": "mix.q_lin",
    "attention.self.key": "mix.k_lin",
    "attention.self.value": "mix.v_lin",
    "attention.output.dense": "mix.out_lin",
    "attention.output.LayerNorm": "mix_norm",
    "intermediate.dense": "ffn.lin1",
    "output.dense": "ffn.lin2",
    "output.LayerNorm": "ffn_norm",
}
SETTINGS = {
    "num_hidden_layers": "n_layers",
    "hidden_size": "dim",
    "num_attention_heads": "n_heads",
    "intermediate_size": "hidden_dim",
    "hidden_act": "activation",
    "layer_norm_eps": "norm_eps",
    "type_vocab_size": "kinds",
    "max_position_embeddings": "longest",
}


def renamed(name):
    for old, new in TENSORS.items():
        name = name.replace(old, new)
    return name


def rename_tensors(source, target):
    """Rewrites a safetensors file with other names; the data follows the header as it was."""
    with open(source, "rb") as file:
        (size,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(size))
        data = file.read()
    header = json.dumps({renamed(name): entry for name, entry in header.items()}).encode()
    header += b" " * (-len(header) % 8)
    target.write_bytes(struct.pack("<Q", len(header)) + header + data)


def embedding(pipeline, model):
    command = [MOTET, "run", pipeline, "--set", f"model={model}", "--in", "text=the bank of the river", "--json"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return json.loads(said)["items"][0]["outputs"]["embedding"]


def main():
    minilm = Path(subprocess.run([ROOT / "dev", "model", "minilm"], check=True, capture_output=True, text=True).stdout.strip())
    with tempfile.TemporaryDirectory() as scratch:
        other = Path(scratch) / "model"
        shutil.copytree(minilm, other)
        rename_tensors(minilm / "model.safetensors", other / "model.safetensors")
        config = json.loads((minilm / "config.json").read_text())
        (other / "config.json").write_text(json.dumps({SETTINGS.get(key, key): value for key, value in config.items()}))
        shipped = (ROOT / "pipelines/embed-text/pipeline.yaml").read_text()
        assert shipped.count("family: bert") == 1, "the pipeline no longer names its family once"
        pipeline = Path(scratch) / "pipeline.yaml"
        pipeline.write_text(shipped.replace("family: bert", "family: other_bert"))
        assert embedding(pipeline, other) == embedding(ROOT / "pipelines/embed-text", minilm), "the vectors differ"
    print("a BERT with other names gives the same vectors")


if __name__ == "__main__":
    main()
