"""Llama's SentencePiece tokens and merges, as a JavaScript tokenizer carries them, to a tokenizer.json."""
import base64
import re
import struct

SPACE = "\u2581"


def tokens_and_merges(script):
    """The tokens by id, and the pairs of tokens that merge, first the ones that merge first.

    The script holds two base64 strings: the tokens with a line feed between each two, and for each merge the ids of its two
    halves as 16-bit little-endian numbers.
    """
    tokens = constant(script, "llama_vocab_base64").decode("utf-8").split("\n")
    halves = struct.iter_unpack("<HH", constant(script, "llama_merges_binary"))
    return tokens, in_order(tokens, [[tokens[left], tokens[right]] for left, right in halves])


def in_order(tokens, merges):
    """Puts the merges of runs of spaces, which SentencePiece scores alike and last, in the order of their ids; the script has
    them by their left half, which would split a run in another way."""
    ids = {token: id for id, token in enumerate(tokens)}
    runs = [merge for merge in merges if not "".join(merge).strip(SPACE)]
    others = [merge for merge in merges if "".join(merge).strip(SPACE)]
    return others + sorted(runs, key=lambda merge: (ids["".join(merge)], ids[merge[0]], ids[merge[1]]))


def constant(script, name):
    return base64.b64decode(re.search(rf'^const {name} = "([A-Za-z0-9+/=]+)"', script, re.MULTILINE).group(1))


def tokenizer(script, special):
    """Llama's tokenizer with the tokens `special` after its own, in the structure that Hugging Face's `tokenizers` reads."""
    tokens, merges = tokens_and_merges(script)
    added = list(enumerate(tokens[:3])) + list(enumerate(special, start=len(tokens)))
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [added_token(id, content) for id, content in added],
        "normalizer": sequence("normalizers", {"type": "Prepend", "prepend": SPACE}, replace(" ", SPACE)),
        "pre_tokenizer": None,
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [start(0), text("A", 0)],
            "pair": [start(0), text("A", 0), start(1), text("B", 1)],
            "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}},
        },
        "decoder": sequence("decoders", replace(SPACE, " "), {"type": "ByteFallback"}, {"type": "Fuse"},
                            {"type": "Strip", "content": " ", "start": 1, "stop": 0}),
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": "<unk>",
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": True,
            "byte_fallback": True,
            "ignore_merges": False,
            "vocab": {token: id for id, token in enumerate(tokens)},
            "merges": merges,
        },
    }


def added_token(id, content):
    return {"id": id, "content": content, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}


def sequence(kind, *steps):
    return {"type": "Sequence", kind: list(steps)}


def replace(old, new):
    return {"type": "Replace", "pattern": {"String": old}, "content": new}


def start(type_id):
    return {"SpecialToken": {"id": "<s>", "type_id": type_id}}


def text(which, type_id):
    return {"Sequence": {"id": which, "type_id": type_id}}
