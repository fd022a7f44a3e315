"""Expected token ids, from the reference implementation (Python package `tokenizers`).

    python make_goldens.py MODELS OUT [NAME...]

MODELS is the folder in which `./dev model` keeps minilm, moonshine-tiny and smollm2; OUT is tests/data/tokenizers. For each
tokenizer OUT gets <name>.golden: 8 bytes a line of the corpus (see corpus.py), namely a u32 hash of the ids, a u16 hash of the
decoded text and a u16 hash of offsets, type ids, attention and special masks; before them the u64 hash of the corpus itself.
And <name>.json with a few lines written out, for people. `unigram` is trained here unless OUT has its tokenizer.json (the
trainer does not give the same twice).
Needs tokenizers==0.22.2 (0.23.3 gives the same), gguf, and for `unigram` sentencepiece==0.2.0 and protobuf (whose nmt_nfkc character map it takes).
"""
import io
import json
import pathlib
import struct
import sys

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

import corpus as corpus_module
from corpus import fnv

CLIP_PATTERN = r"""<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"""


def byte_alphabet():
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    rest = [b for b in range(256) if b not in printable]
    return [chr(b) for b in printable] + [chr(0x100 + i) for i in range(len(rest))]


def read_merges(path):
    lines = path.read_text("utf-8").split("\n")
    return [tuple(line.split(" ")) for line in lines if line and not line.startswith("#version")]


def clip(out):
    merges = read_merges(out / "clip-merges.txt")
    tokens = byte_alphabet()
    tokens += [t + "</w>" for t in tokens] + [a + b for a, b in merges] + ["<|startoftext|>", "<|endoftext|>"]
    vocab = {t: i for i, t in enumerate(tokens)}
    tokenizer = Tokenizer(models.BPE(vocab, merges, unk_token="<|endoftext|>", continuing_subword_prefix="", end_of_word_suffix="</w>"))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(CLIP_PATTERN), behavior="removed", invert=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    start, end = vocab["<|startoftext|>"], vocab["<|endoftext|>"]
    tokenizer.post_processor = processors.RobertaProcessing(("<|endoftext|>", end), ("<|startoftext|>", start), trim_offsets=False, add_prefix_space=False)
    tokenizer.add_special_tokens([AddedToken("<|startoftext|>", special=True, normalized=True), AddedToken("<|endoftext|>", special=True)])
    return tokenizer


def gpt2(out):
    merges = read_merges(out / "gpt2-merges.txt")
    vocab = {t: i for i, t in enumerate(byte_alphabet() + [a + b for a, b in merges])}
    tokenizer = Tokenizer(models.BPE(vocab, merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, trim_offsets=True)
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=True)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(["<|endoftext|>"])
    return tokenizer


def smollm2(models_folder):
    from gguf import GGUFReader

    fields = GGUFReader(next((models_folder / "smollm2").glob("*.gguf"))).fields
    tokens, merges, types = (fields["tokenizer.ggml." + key].contents() for key in ("tokens", "merges", "token_type"))
    assert fields["tokenizer.ggml.model"].contents() == "gpt2" and fields["tokenizer.ggml.pre"].contents() == "smollm"
    tokenizer = Tokenizer(models.BPE({t: i for i, t in enumerate(tokens)}, [tuple(m.split(" ")) for m in merges]))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False, trim_offsets=True, use_regex=True)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(t, special=True) for t, kind in zip(tokens, types) if kind == 3])
    return tokenizer


def unigram(lines):
    import sentencepiece

    written = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(["a b c", "b c a", "c a b"]), model_writer=written, vocab_size=8, model_type="unigram",
        normalization_rule_name="nmt_nfkc", hard_vocab_limit=False, minloglevel=2,
    )
    from sentencepiece import sentencepiece_model_pb2

    proto = sentencepiece_model_pb2.ModelProto.FromString(written.getvalue())
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Precompiled(proto.normalizer_spec.precompiled_charsmap), normalizers.Strip(left=False, right=True), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first")
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="first")
    texts = [text for text in corpus_module.Corpus().texts for _ in range(3)] + [line for line in lines[2::60]]
    tokenizer.train_from_iterator(
        texts, trainers.UnigramTrainer(vocab_size=2000, unk_token="<unk>", special_tokens=["<s>", "</s>", "<unk>", "<pad>"], show_progress=False, n_sub_iterations=1)
    )
    tokenizer.add_tokens([
        AddedToken("<extra_0>", lstrip=True, special=True, normalized=False), AddedToken("<extra_1>", rstrip=True, single_word=True, normalized=True),
        AddedToken("<extra_2>", lstrip=True, rstrip=True, normalized=True),
    ])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="$A </s>", pair="$A </s> $B:1 </s>:1", special_tokens=[("</s>", tokenizer.token_to_id("</s>"))]
    )
    tokenizer.enable_truncation(512, stride=8, direction="left")
    tokenizer.enable_padding(pad_id=tokenizer.token_to_id("<pad>"), pad_token="<pad>", pad_to_multiple_of=8, direction="left")
    return tokenizer


def trained_once(path, lines):
    if not path.exists():
        unigram(lines).save(str(path), pretty=False)
    return Tokenizer.from_file(str(path))


def u32s(numbers):
    return struct.pack(f"<{len(numbers)}I", *numbers)


def golden(tokenizer, lines, corpus_hash):
    packed, examples = struct.pack("<Q", corpus_hash), []
    for index, line in enumerate(lines):
        encoding = tokenizer.encode(line)
        decoded = tokenizer.decode(encoding.ids, skip_special_tokens=True)
        offsets = [value for pair in encoding.offsets for value in pair]
        rest = offsets + encoding.type_ids + encoding.attention_mask + encoding.special_tokens_mask
        packed += struct.pack("<IHH", fnv(u32s(encoding.ids)) & 0xFFFFFFFF, fnv(decoded.encode("utf-8")) & 0xFFFF, fnv(u32s(rest)) & 0xFFFF)
        if index % 997 == 0 and len(line) < 80:
            examples.append({"line": index, "text": line, "ids": encoding.ids, "offsets": offsets, "decoded": decoded})
    return packed, examples


def main():
    models_folder, out, wanted = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3:]
    lines = corpus_module.Corpus().lines
    corpus_hash = fnv(b"".join(line.encode("utf-8") + b"\0" for line in lines))
    makers = {
        "minilm": lambda: Tokenizer.from_file(str(models_folder / "minilm" / "tokenizer.json")),
        "moonshine": lambda: Tokenizer.from_file(str(models_folder / "moonshine-tiny" / "tokenizer.json")),
        "smollm2": lambda: smollm2(models_folder),
        "clip": lambda: clip(out),
        "gpt2": lambda: gpt2(out),
        "unigram": lambda: trained_once(out / "unigram-tokenizer.json", lines),
    }
    for name, make in makers.items():
        if wanted and name not in wanted:
            continue
        tokenizer = make()
        packed, examples = golden(tokenizer, lines, corpus_hash)
        (out / f"{name}.golden").write_bytes(packed)
        (out / f"{name}.json").write_text(json.dumps(examples, ensure_ascii=True, indent=None).replace("}, {", "},\n{") + "\n", "utf-8")
        print(name, tokenizer.get_vocab_size(), len(packed))


main()
