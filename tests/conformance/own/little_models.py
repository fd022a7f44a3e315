#!/usr/bin/env python3
"""Writes little models with random weights, in the layout of the real ones:  little_models.py FOLDER

bert, llama and moonshine are read by the families of those names; what they say means nothing, but it is said by every part
of a real model: all kinds of norm, position, activation, stem and cross-attention that the families have.
"""
import json
import random
import struct
import sys
from pathlib import Path


class Weights:
    """Tensors by name, as large as keeps sums of products near 1."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.header, self.data = {}, bytearray()

    def add(self, name, *shape, middle=0.0, spread=None):
        count = 1
        for size in shape:
            count *= size
        spread = spread or (3 / (count / shape[0])) ** 0.5
        begin = len(self.data)
        self.data += struct.pack(f"<{count}f", *(middle + spread * (2 * self.random.random() - 1) for _ in range(count)))
        self.header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [begin, len(self.data)]}

    def linear(self, name, out, into, bias=False):
        self.add(f"{name}.weight", out, into)
        if bias:
            self.add(f"{name}.bias", out, spread=0.3)

    def norm(self, name, width, bias=False):
        self.add(f"{name}.weight", width, middle=1.0, spread=0.3)
        if bias:
            self.add(f"{name}.bias", width, spread=0.2)

    def write(self, folder, config):
        folder.mkdir(parents=True, exist_ok=True)
        header = json.dumps(self.header).encode()
        header += b" " * (-len(header) % 8)
        (folder / "model.safetensors").write_bytes(struct.pack("<Q", len(header)) + header + self.data)
        (folder / "config.json").write_text(json.dumps(config))


def attention(weights, scope, width, heads, kv_heads, size, names=("q_proj", "k_proj", "v_proj", "o_proj"), bias=False):
    query, key, value, out = names
    weights.linear(f"{scope}{query}", heads * size, width, bias)
    weights.linear(f"{scope}{key}", kv_heads * size, width, bias)
    weights.linear(f"{scope}{value}", kv_heads * size, width, bias)
    weights.linear(f"{scope}{out}", width, heads * size, bias)


def bert(folder):
    width, inner, positions, words = 12, 20, 300, 16
    weights = Weights(1)
    weights.add("embeddings.word_embeddings.weight", words, width, spread=1.0)
    weights.add("embeddings.position_embeddings.weight", positions, width, spread=0.7)
    weights.add("embeddings.token_type_embeddings.weight", 2, width, spread=0.5)
    weights.norm("embeddings.LayerNorm", width, bias=True)
    for i in range(2):
        layer = f"encoder.layer.{i}."
        attention(weights, f"{layer}attention.", width, 3, 3, 4, ("self.query", "self.key", "self.value", "output.dense"), bias=True)
        weights.norm(f"{layer}attention.output.LayerNorm", width, bias=True)
        weights.linear(f"{layer}intermediate.dense", inner, width, bias=True)
        weights.linear(f"{layer}output.dense", width, inner, bias=True)
        weights.norm(f"{layer}output.LayerNorm", width, bias=True)
    weights.write(folder, {"num_hidden_layers": 2, "hidden_size": width, "num_attention_heads": 3, "intermediate_size": inner,
                           "hidden_act": "gelu", "layer_norm_eps": 1e-12, "max_position_embeddings": positions})


def llama(folder):
    width, inner, words = 12, 20, 40
    weights = Weights(2)
    weights.add("model.embed_tokens.weight", words, width, spread=1.0)
    for i in range(2):
        layer = f"model.layers.{i}."
        weights.norm(f"{layer}input_layernorm", width)
        attention(weights, f"{layer}self_attn.", width, 4, 2, 4)
        weights.norm(f"{layer}post_attention_layernorm", width)
        weights.linear(f"{layer}mlp.gate_proj", inner, width)
        weights.linear(f"{layer}mlp.up_proj", inner, width)
        weights.linear(f"{layer}mlp.down_proj", width, inner)
    weights.norm("model.norm", width)
    weights.add("lm_head.weight", words, width, spread=1.0)
    weights.write(folder, {"num_hidden_layers": 2, "hidden_size": width, "num_attention_heads": 4, "num_key_value_heads": 2,
                           "head_dim": 4, "intermediate_size": inner, "hidden_act": "silu", "rms_norm_eps": 1e-5,
                           "max_position_embeddings": 600, "eos_token_id": 39})


def moonshine(folder):
    width, inner, words, heads = 12, 20, 40, 3
    weights = Weights(3)
    weights.add("model.encoder.conv1.weight", width, 1, 127)
    weights.norm("model.encoder.groupnorm", width, bias=True)
    weights.add("model.encoder.conv2.weight", 2 * width, width, 7)
    weights.add("model.encoder.conv2.bias", 2 * width, spread=0.3)
    weights.add("model.encoder.conv3.weight", width, 2 * width, 3)
    weights.add("model.encoder.conv3.bias", width, spread=0.3)
    weights.add("model.decoder.embed_tokens.weight", words, width, spread=1.0)
    for i in range(2):
        layer = f"model.encoder.layers.{i}."
        weights.norm(f"{layer}input_layernorm", width)
        attention(weights, f"{layer}self_attn.", width, heads, heads, 4)
        weights.norm(f"{layer}post_attention_layernorm", width)
        weights.linear(f"{layer}mlp.fc1", inner, width, bias=True)
        weights.linear(f"{layer}mlp.fc2", width, inner, bias=True)
        layer = f"model.decoder.layers.{i}."
        weights.norm(f"{layer}input_layernorm", width)
        attention(weights, f"{layer}self_attn.", width, heads, heads, 4)
        weights.norm(f"{layer}post_attention_layernorm", width)
        attention(weights, f"{layer}encoder_attn.", width, heads, heads, 4)
        weights.norm(f"{layer}final_layernorm", width)
        weights.linear(f"{layer}mlp.fc1", 2 * inner, width, bias=True)
        weights.linear(f"{layer}mlp.fc2", width, inner, bias=True)
    weights.norm("model.encoder.layer_norm", width)
    weights.norm("model.decoder.norm", width)
    sides = {f"{side}_{key}": value for side in ("encoder", "decoder") for key, value in
             {"num_hidden_layers": 2, "num_attention_heads": heads, "num_key_value_heads": heads}.items()}
    weights.write(folder, {**sides, "hidden_size": width, "intermediate_size": inner, "encoder_hidden_act": "gelu",
                           "decoder_hidden_act": "silu", "partial_rotary_factor": 1.0, "max_position_embeddings": 600,
                           "decoder_start_token_id": 1, "eos_token_id": 39})


if __name__ == "__main__":
    for make in (bert, llama, moonshine):
        make(Path(sys.argv[1]) / make.__name__)
