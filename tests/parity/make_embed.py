"""Goldens of `embed-text`: a sentence vector for every length from 1 to 512, texts, and the word "bank" in two company.

    python make_embed.py [FOLDER OF minilm]

The ids of length n are: 101, then n - 2 drawn ones, then 102 (n = 1: only 101). They are drawn so, in 32-bit unsigned arithmetic:
    state = n;  for each id:  state = state * 1664525 + 1013904223;  id = 1000 + (state >> 8) % 29000
"""
import sys

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import BertModel

import models

LONGEST = 512
TEXTS = [
    "Hello",
    "The cat sits on the mat.",
    "A kitten rests on a rug.",
    "Stock markets fell sharply on Monday.",
    "Ask not what your country can do for you, ask what you can do for your country.",
    "Serve your nation instead of waiting for it to serve you.",
    "He bought bread, butter and a bottle of milk at the corner shop.",
    "Zürich is a city in Switzerland; its lake is 40 km long.",
    "東京は日本の首都です。",
    "?!",
    "",
    "river bank",
    "bank account",
    "She sat on the river bank and watched the boats.",
    "He opened a bank account to save money.",
    "the quick brown fox jumps over the lazy dog " * 80,
]
BANK = ["river bank", "bank account"]


def drawn_ids(length):
    ids, state = [101], length
    for _ in range(length - 2):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        ids.append(1000 + (state >> 8) % 29000)
    return ids + [102] if length > 1 else ids


def run(model, ids):
    """hidden f32 [T, 384] and the normalised mean f32 [384]."""
    with torch.no_grad():
        hidden = model(torch.tensor([ids])).last_hidden_state[0]
    mean = hidden.mean(0)
    return hidden, mean / mean.norm()


def main():
    models.one_thread()
    home = models.folder("minilm", sys.argv[1] if len(sys.argv) > 1 else None)
    model = BertModel.from_pretrained(home, dtype=torch.float32, attn_implementation="eager").eval()
    tokenizer = Tokenizer.from_file(str(home / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST)

    models.save_npy("embed_lengths.npy", torch.stack([run(model, drawn_ids(n))[1] for n in range(1, LONGEST + 1)]).numpy())
    encoded = [tokenizer.encode(text) for text in TEXTS]
    vectors = torch.stack([run(model, e.ids)[1] for e in encoded])
    models.save_npy("embed_texts.npy", vectors.numpy())
    bank = []
    for text in BANK:
        e = encoded[TEXTS.index(text)]
        at = e.tokens.index("bank")
        bank.append({"text": text, "ids": e.ids, "position": at})
    hidden = [run(model, b["ids"])[0] for b in bank]
    words = torch.stack([h[b["position"]] for h, b in zip(hidden, bank)])
    models.save_npy("embed_bank.npy", words.numpy())
    models.save_npy("embed_bank_hidden.npy", torch.stack(hidden).numpy())
    cosine = float(torch.nn.functional.cosine_similarity(words[0], words[1], dim=0))
    scores = (vectors @ vectors.T).numpy()
    models.save_json("embed.json", {
        "lengths": {"file": "embed_lengths.npy", "layout": "row n - 1 is length n", "multiplier": 1664525, "increment": 1013904223,
                    "first": 101, "last": 102, "base": 1000, "modulus": 29000, "check": {"length": 5, "ids": drawn_ids(5)}},
        "texts": [{"row": i, "text": t, "ids": e.ids} for i, (t, e) in enumerate(zip(TEXTS, encoded))],
        "scores": [[round(float(v), 6) for v in row] for row in scores.astype(np.float64)],
        "bank": bank, "bank_cosine": cosine})


if __name__ == "__main__":
    main()
