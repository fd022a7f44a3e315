"""Computes the models once more from moonshine.md, bert.md and llama.md alone, in numpy and float64, and compares with the goldens.

    python check_formulas.py [FOLDER that holds moonshine-tiny, minilm and smollm2]

What the pages say is thereby known to be true: layouts of rope, order of gate and up, epsilons, scales, the permuted rows of the GGUF.
"""
import json
import sys
from pathlib import Path

import numpy as np
from gguf import GGUFReader, dequantize
from safetensors.numpy import load_file
from scipy.special import erf

import models
import recordings


def gelu(x):
    return 0.5 * x * (1 + erf(x / np.sqrt(2)))


def silu(x):
    return x / (1 + np.exp(-x))


def norm(x, weight, bias=0.0, eps=1e-5):
    return (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + eps) * weight + bias


def rms(x, weight, eps):
    return x / np.sqrt((x * x).mean(-1, keepdims=True) + eps) * weight


def rope(x, theta, width):
    """x [T, heads, d]: the first `width` values of each head turn in interleaved pairs."""
    angle = np.arange(len(x))[:, None, None] * theta ** (-np.arange(0, width, 2) / width)
    a, b, out = x[..., 0:width:2], x[..., 1:width:2], x.copy()
    out[..., 0:width:2] = a * np.cos(angle) - b * np.sin(angle)
    out[..., 1:width:2] = b * np.cos(angle) + a * np.sin(angle)
    return out


def attention(q, k, v, causal):
    """q [T, H, d], k and v [S, G, d] -> [T, H d]."""
    k, v = (np.repeat(y, q.shape[1] // y.shape[1], 1) for y in (k, v))
    scores = np.einsum("thd,shd->hts", q, k) / np.sqrt(q.shape[-1])
    if causal:
        scores[:, np.triu(np.ones(scores.shape[1:], bool), 1)] = -np.inf
    scores = np.exp(scores - scores.max(-1, keepdims=True))
    return np.einsum("hts,shd->thd", scores / scores.sum(-1, keepdims=True), v).reshape(len(q), -1)


def convolve(x, weight, stride):
    """x [C, T], weight [O, C, K] -> [O, (T - K) / stride + 1]."""
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2], axis=1)[:, ::stride]
    return np.einsum("ctk,ock->ot", windows, weight, optimize=True)


class Moonshine:
    def __init__(self, folder):
        self.w = {k: v.astype(np.float64) for k, v in load_file(folder / "model.safetensors").items()}

    def linear(self, x, name):
        return x @ self.w[name + ".weight"].T + self.w.get(name + ".bias", 0.0)

    def attend(self, x, memory, name, causal, turn):
        split = lambda y: y.reshape(len(y), 8, 36)  # noqa: E731
        turned = (lambda y: rope(y, 10000.0, 32)) if turn else (lambda y: y)
        q, k, v = (split(self.linear(y, f"{name}.{p}_proj")) for y, p in ((x, "q"), (memory, "k"), (memory, "v")))
        return self.linear(attention(turned(q), turned(k), v, causal), f"{name}.o_proj")

    def encode(self, samples):
        e = "model.encoder."
        x = np.tanh(convolve(samples[None], self.w[e + "conv1.weight"], 64))
        x = (x - x.mean()) / np.sqrt(x.var() + 1e-5) * self.w[e + "groupnorm.weight"][:, None] + self.w[e + "groupnorm.bias"][:, None]
        for name, stride in (("conv2", 3), ("conv3", 2)):
            x = gelu(convolve(x, self.w[f"{e}{name}.weight"], stride) + self.w[f"{e}{name}.bias"][:, None])
        x = x.T
        for i in range(6):
            p = f"{e}layers.{i}."
            y = norm(x, self.w[p + "input_layernorm.weight"])
            x = x + self.attend(y, y, p + "self_attn", causal=False, turn=True)
            x = x + self.linear(gelu(self.linear(norm(x, self.w[p + "post_attention_layernorm.weight"]), p + "mlp.fc1")), p + "mlp.fc2")
        return norm(x, self.w[e + "layer_norm.weight"])

    def decode(self, ids, memory):
        d = "model.decoder."
        x = self.w[d + "embed_tokens.weight"][ids]
        for i in range(6):
            p = f"{d}layers.{i}."
            y = norm(x, self.w[p + "input_layernorm.weight"])
            x = x + self.attend(y, y, p + "self_attn", causal=True, turn=True)
            x = x + self.attend(norm(x, self.w[p + "post_attention_layernorm.weight"]), memory, p + "encoder_attn", causal=False, turn=False)
            up, gate = np.split(self.linear(norm(x, self.w[p + "final_layernorm.weight"]), p + "mlp.fc1"), 2, -1)
            x = x + self.linear(silu(gate) * up, p + "mlp.fc2")
        return norm(x, self.w[d + "norm.weight"]) @ self.w[d + "embed_tokens.weight"].T


def bert(weights, ids):
    def linear(x, name):
        return x @ weights[name + ".weight"].T + weights[name + ".bias"]

    def normed(x, name):
        return norm(x, weights[name + ".weight"], weights[name + ".bias"], 1e-12)

    x = weights["embeddings.word_embeddings.weight"][ids] + weights["embeddings.token_type_embeddings.weight"][0]
    x = normed(x + weights["embeddings.position_embeddings.weight"][: len(ids)], "embeddings.LayerNorm")
    for i in range(6):
        p = f"encoder.layer.{i}."
        q, k, v = (linear(x, f"{p}attention.self.{n}").reshape(len(ids), 12, 32) for n in ("query", "key", "value"))
        x = normed(x + linear(attention(q, k, v, False), p + "attention.output.dense"), p + "attention.output.LayerNorm")
        x = normed(x + linear(gelu(linear(x, p + "intermediate.dense")), p + "output.dense"), p + "output.LayerNorm")
    return x


def llama(tensors, ids):
    w = lambda name: dequantize(tensors[name].data, tensors[name].tensor_type).astype(np.float64)  # noqa: E731
    table, eps = w("token_embd.weight"), float(np.float32(1e-5))
    x = table[ids]
    for i in range(30):
        p = f"blk.{i}."
        y = rms(x, w(p + "attn_norm.weight"), eps)
        q, k, v = (y @ w(f"{p}attn_{n}.weight").T for n in "qkv")
        q, k, v = (m.reshape(len(ids), -1, 64) for m in (q, k, v))
        x = x + attention(rope(q, 1e5, 64), rope(k, 1e5, 64), v, True) @ w(p + "attn_output.weight").T
        y = rms(x, w(p + "ffn_norm.weight"), eps)
        x = x + (silu(y @ w(p + "ffn_gate.weight").T) * (y @ w(p + "ffn_up.weight").T)) @ w(p + "ffn_down.weight").T
    return rms(x, w("output_norm.weight"), eps) @ table.T


def golden(name):
    path = models.GOLDENS / name
    return json.loads(path.read_text(encoding="utf-8")) if name.endswith(".json") else np.load(path).astype(np.float64)


def report(what, error, limit):
    print(f"{what}: {error:.2e} (limit {limit:.0e})")
    if not error <= limit:
        raise SystemExit(f"{what} is not what the page says")


def lowest_cosine(a, b):
    return float(((a * b).sum(-1) / np.linalg.norm(a, axis=-1) / np.linalg.norm(b, axis=-1)).min())


def main():
    home = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    place = lambda name: models.folder(name, home / name if home else None)  # noqa: E731

    ears = Moonshine(place("moonshine-tiny"))
    memory = ears.encode(recordings.as_float(recordings.read_wav(models.SPEECH)).astype(np.float64))
    report("moonshine encoder, 1 - cosine", 1 - lowest_cosine(memory, golden("jfk_encoder.npy")), 1e-9)
    jfk = golden("transcribe.json")["jfk"]
    logits = ears.decode([1] + jfk["tokens"], memory)
    report("moonshine tokens that differ", int((logits.argmax(-1) != jfk["tokens"] + [2]).sum()), 0)
    best = np.sort(logits, -1)
    report("moonshine margins", np.abs(best[:, -1] - best[:, -2] - jfk["margins"]).max(), 1e-3)

    weights = {k: v.astype(np.float64) for k, v in load_file(place("minilm") / "model.safetensors").items()}
    texts = golden("embed.json")["texts"]
    means = np.stack([bert(weights, t["ids"]).mean(0) for t in texts[:6]])
    report("minilm, 1 - cosine", 1 - lowest_cosine(means, golden("embed_texts.npy")[:6]), 1e-9)

    (file,) = place("smollm2").glob("*.gguf")
    chat = golden("chat.json")["prompts"][0]
    ids = chat["prompt_ids"] + chat["tokens"]
    logits = llama({t.name: t for t in GGUFReader(file).tensors}, ids)[len(chat["prompt_ids"]) - 1:-1]
    report("smollm2 tokens that differ", int((logits.argmax(-1) != chat["tokens"]).sum()), 0)
    report("smollm2 logits", np.abs(logits[0, ::48] - golden("chat_first_logits.npy")[0]).max(), 2e-4)


if __name__ == "__main__":
    main()
