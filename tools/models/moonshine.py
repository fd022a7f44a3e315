"""Rewrites the ONNX export of Moonshine tiny in the Hugging Face layout:  moonshine.py EXPORT_FOLDER VOCABULARY_JS OUT

The export keeps the names of convolutions, norms, biases and embeddings; the matrices it holds transposed, (in, out), in
constants without a name. Whose they are is told by the product that uses them, which is named after its module.
"""
import json
import sys
from pathlib import Path

import numpy
import onnx
import safetensors.numpy

import llama_vocabulary

LAYERS = 6
ATTENTION = {"q_proj": "q_proj", "k_proj": "k_proj", "v_proj": "v_proj", "o_proj": "dense"}
SPECIAL_TOKENS = 768  # after Llama's 32,000


class Export:
    """One exported graph: its named constants, and the matrices by the module whose product they belong to."""

    def __init__(self, path, root):
        graph = onnx.load(path).graph
        self.root = root
        self.constants = {}
        self.matrices = {}
        self.read(graph)

    def read(self, graph):
        for constant in graph.initializer:
            self.constants[constant.name.removesuffix("_merged_0")] = onnx.numpy_helper.to_array(constant)
        for node in graph.node:
            for attribute in node.attribute:
                # The decoder is two graphs under one `If`; the one without a cache computes with every weight.
                if attribute.type == onnx.AttributeProto.GRAPH and attribute.name == "else_branch":
                    self.read(attribute.g)
            weight = node.input[1].removesuffix("_merged_0") if node.op_type == "MatMul" else None
            if weight in self.constants:
                module = node.name.removesuffix("/MatMul").strip("/").replace("/", ".").replace("layers.layers", "layers")
                self.matrices[module] = self.constants[weight].T

    def named(self, name):
        return self.constants[self.root + name]

    def matrix(self, module):
        return self.matrices[self.root + module]

    def anonymous(self, operation):
        """The one constant that the exporter named after the operation it feeds."""
        (name,) = [name for name in self.constants if name.startswith(f"onnx::{operation}_")]
        return self.constants[name].reshape(-1)


def layer_tensors(export, layer, attentions, norms, feed_forward):
    """Yields (Hugging Face name, value) of one layer; `feed_forward` maps their names to the export's."""
    for attention in attentions:
        for ours, theirs in ATTENTION.items():
            yield f"{layer}.{attention}.{ours}.weight", export.matrix(f"{layer}.{attention}.{theirs}")
    for norm in norms:
        yield f"{layer}.{norm}.weight", export.named(f"{layer}.{norm}.weight")
    for ours, theirs in feed_forward.items():
        yield f"{layer}.mlp.{ours}.weight", export.matrix(f"{layer}.mlp.{theirs}")
        yield f"{layer}.mlp.{ours}.bias", export.named(f"{layer}.mlp.{theirs}.bias")


def encoder_tensors(export):
    for name in ("conv1.weight", "conv2.weight", "conv2.bias", "conv3.weight", "conv3.bias", "layer_norm.weight"):
        yield name, export.named(name)
    yield "groupnorm.weight", export.anonymous("Mul")
    yield "groupnorm.bias", export.anonymous("Add")
    for i in range(LAYERS):
        yield from layer_tensors(export, f"layers.{i}", ["self_attn"], ["input_layernorm", "post_attention_layernorm"],
                                 {"fc1": "fc1", "fc2": "fc2"})


def decoder_tensors(export):
    for name in ("embed_tokens.weight", "norm.weight"):
        yield name, export.named(name)
    for i in range(LAYERS):
        yield from layer_tensors(export, f"layers.{i}", ["self_attn", "encoder_attn"],
                                 ["input_layernorm", "post_attention_layernorm", "final_layernorm"],
                                 {"fc1": "up_proj", "fc2": "down_proj"})


def tensors(folder):
    encoder = encoder_tensors(Export(folder / "encoder_model.onnx", ""))
    decoder = decoder_tensors(Export(folder / "decoder_model_merged.onnx", "model.decoder."))
    named = {f"model.encoder.{name}": value for name, value in encoder} | {f"model.decoder.{name}": value for name, value in decoder}
    return {name: numpy.ascontiguousarray(named[name], numpy.float32) for name in sorted(named)}


IDS = {"bos_token_id": 1, "eos_token_id": 2, "decoder_start_token_id": 1}
CONFIG = {
    "architectures": ["MoonshineForConditionalGeneration"],
    "model_type": "moonshine",
    "is_encoder_decoder": True,
    "hidden_size": 288,
    "intermediate_size": 1152,
    "vocab_size": 32000 + SPECIAL_TOKENS,
    "max_position_embeddings": 194,
    "encoder_num_hidden_layers": LAYERS,
    "decoder_num_hidden_layers": LAYERS,
    "encoder_num_attention_heads": 8,
    "encoder_num_key_value_heads": 8,
    "decoder_num_attention_heads": 8,
    "decoder_num_key_value_heads": 8,
    "encoder_hidden_act": "gelu",
    "decoder_hidden_act": "silu",
    "attention_bias": False,
    "rope_theta": 10000.0,
    "partial_rotary_factor": 0.9,
    "tie_word_embeddings": True,
    **IDS,
    "torch_dtype": "float32",
}
GENERATION = {**IDS, "max_length": 194}
PREPROCESSOR = {
    "feature_extractor_type": "Wav2Vec2FeatureExtractor",
    "sampling_rate": 16000,
    "feature_size": 1,
    "do_normalize": False,
    "padding_value": 0.0,
    "return_attention_mask": True,
}


def main(export, vocabulary, out):
    out = Path(out)
    out.mkdir()
    special = [f"<<ST_{i}>>" for i in range(SPECIAL_TOKENS)]
    safetensors.numpy.save_file(tensors(Path(export)), out / "model.safetensors", {"format": "pt"})
    for name, content in {"config": CONFIG, "generation_config": GENERATION, "preprocessor_config": PREPROCESSOR}.items():
        (out / f"{name}.json").write_text(json.dumps(content, indent=2) + "\n")
    tokenizer = llama_vocabulary.tokenizer(Path(vocabulary).read_text(encoding="utf-8"), special)
    (out / "tokenizer.json").write_text(json.dumps(tokenizer, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
