"""What the reference (Python package `tokenizers`) makes of single components: tests/data/tokenizers/components.json.

    python make_components.py OUT

Each case has a "kind", the component's "config" as a tokenizer.json writes it, an input, and what came out.
"""
import json
import pathlib
import sys

from tokenizers import Tokenizer

TEXTS = [
    "", " ", "Hello, World!", "  two  spaces  ", "don't you'll WE'RE 's 'S", "tab\tnew\nline\r\nend ", "caf\u00e9 cafe\u0301 \u212b A\u030a", "\u00dcBER stra\u00dfe \u1e9e \u0130I\u0131i \u01c5",
    "\u6771\u4eac tower \u3053\u3093\u306b\u3061\u306f \uff21\uff22 \uff76\uff9e", "q\u0323\u0307 q\u0307\u0323 \u1100\u1161\u11a8 \uac01 \ufb01 \u00bd \u2167 x\u00b2", "a\u0000b\u0001c\u007f\u00ad\ufffd\u200b\u2028d\ue000",
    "12 345,6\u0663\u0664 \u00bd\u2460 1st", "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1eb\U0001f1f7 1\ufe0f\u20e3", "a_b-c.d(e)[f]{g} \u00abh\u00bb \u2014 \u00bfi? \u166d", "\u2581a \u2581\u2581b\u2581", "x\u00a0y\u3000z\u2003w\u0085v\u1680u\u180et",
    "\u0915\u094d\u0937\u093f \u0e19\u0e49\u0e33 \u05e9\u05c1\u05dc \u064e\u0651", "\r\n\u0301\u0301 \u0301", "AAAaaa bbb", "\U00010348\U0001d54f \U00010d40\U0002ebf0\U000105c0",
]
DECODE = [
    [], ["a"], ["\u2581Hello", "\u2581wor", "ld", "!"], ["\u0120Hello", "\u0120w", "orld", "\u010a", "\u00c3\u00a9", "\u00e2", "x"], ["he", "##llo", "wor", "##ld", ".", "do", "n", "'", "t", "n't", "'s"],
    ["<0xE2>", "<0x82>", "<0xAC>", "a", "<0xE2>", "<0x82>", "b", "<0xFF>", "<0x61>"], ["h</w>", "el", "lo</w>", "x</w>y"], ["h", "h", "e", "<pad>", "l", "<pad>", "l", "|", "|", "o"],
    ["\u2581", "\u2581a", " b", "\u2581\u2581c "], ["  a ", "", " b", "c  "], ["\u4e2d", "\u0120\u4e2d", "\u00e4\u00b8\u0143"], ["[CLS]", "it", "is", " do not", "a", " ' ", "b", "##", "##c ."],
]
NORMALIZERS = [
    *({"type": t} for t in ("NFC", "NFD", "NFKC", "NFKD", "Lowercase", "StripAccents", "Nmt", "ByteLevel")),
    *({"type": "Strip", "strip_left": left, "strip_right": right} for left in (True, False) for right in (True, False)),
    *({"type": "BertNormalizer", "clean_text": a, "handle_chinese_chars": b, "strip_accents": c, "lowercase": d} for a, b, c, d in ((True, True, None, True), (False, True, True, False), (True, False, False, True), (False, False, None, False))),
    {"type": "Prepend", "prepend": "\u2581"}, {"type": "Prepend", "prepend": "ab"}, {"type": "Replace", "pattern": {"String": " "}, "content": "\u2581"}, {"type": "Replace", "pattern": {"String": "a"}, "content": ""},
    {"type": "Replace", "pattern": {"Regex": "\\s+"}, "content": " "}, {"type": "Replace", "pattern": {"Regex": "(?i)a+|\\p{Lu}"}, "content": "<x>"}, {"type": "Replace", "pattern": {"Regex": "[^\\w\\s]"}, "content": ""},
    {"type": "Replace", "pattern": {"Regex": "^."}, "content": "#"}, {"type": "Replace", "pattern": {"Regex": ".$"}, "content": "#"}, {"type": "Replace", "pattern": {"Regex": "\\h"}, "content": "#"}, {"type": "Replace", "pattern": {"Regex": "[\\d\\h&&[^a]]{2,}"}, "content": "#"},
    {"type": "Replace", "pattern": {"Regex": "(?m:a.b)|\\bw"}, "content": "#"}, {"type": "Replace", "pattern": {"Regex": "[[:upper:]][[:lower:]]*+"}, "content": "@"},
    {"type": "Sequence", "normalizers": [{"type": "NFKD"}, {"type": "StripAccents"}, {"type": "Lowercase"}, {"type": "Strip", "strip_left": True, "strip_right": True}]}, {"type": "Sequence", "normalizers": []},
]
BEHAVIORS = ("Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous")
LLAMA3 = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"
PRE_TOKENIZERS = [
    *({"type": t} for t in ("BertPreTokenizer", "Whitespace", "WhitespaceSplit")),
    *({"type": "ByteLevel", "add_prefix_space": a, "trim_offsets": True, "use_regex": b} for a in (True, False) for b in (True, False)),
    *({"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": s, "split": b} for s in ("always", "never", "first") for b in (True, False)),
    *({"type": "Digits", "individual_digits": b} for b in (True, False)), *({"type": "Punctuation", "behavior": b} for b in BEHAVIORS),
    *({"type": "Split", "pattern": {"Regex": "\\s|a"}, "behavior": b, "invert": i} for b in BEHAVIORS for i in (True, False)), {"type": "Split", "pattern": {"String": "a"}, "behavior": "Isolated", "invert": False},
    {"type": "Split", "pattern": {"Regex": LLAMA3}, "behavior": "Isolated", "invert": False}, {"type": "Split", "pattern": {"Regex": "x*"}, "behavior": "MergedWithNext", "invert": False}, {"type": "Split", "pattern": {"Regex": "\\w+|[^\\w\\s]+"}, "behavior": "Removed", "invert": True},
    {"type": "CharDelimiterSplit", "delimiter": "a"}, {"type": "FixedLength", "length": 3},
    {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, {"type": "Punctuation", "behavior": "Isolated"}, {"type": "Digits", "individual_digits": True}]},
    {"type": "Sequence", "pretokenizers": [{"type": "Digits", "individual_digits": True}, {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}]},
]
DECODERS = [
    {"type": "ByteLevel"}, {"type": "WordPiece", "prefix": "##", "cleanup": True}, {"type": "WordPiece", "prefix": "##", "cleanup": False}, *({"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": s, "split": True} for s in ("always", "never", "first")),
    {"type": "BPEDecoder", "suffix": "</w>"}, {"type": "ByteFallback"}, {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}, {"type": "Strip", "content": "a", "start": 2, "stop": 0}, {"type": "CTC", "pad_token": "<pad>", "word_delimiter_token": "|", "cleanup": True},
    {"type": "Replace", "pattern": {"String": "\u2581"}, "content": " "}, {"type": "Replace", "pattern": {"Regex": "l+"}, "content": "L"},
    {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "\u2581"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
]
for _d in DECODERS:
    if _d["type"] == "ByteLevel":
        _d.update(add_prefix_space=True, trim_offsets=True, use_regex=True)

WORDS = {t: i for i, t in enumerate(["[UNK]", "[CLS]", "[SEP]", "[PAD]", "the", "##re", "a", "b", "c", "d", "e", "##b", "##c", "un", "##want", "##ed", ",", "hello", "\u6771", "<s>", "</s>", "x", "y", "z"])}
WORD_PIECE = {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 8, "vocab": WORDS}
WORD_LEVEL = {"type": "WordLevel", "unk_token": "[UNK]", "vocab": WORDS}
BPE_VOCAB = {t: i for i, t in enumerate(["<unk>", "a", "b", "c", "ab", "abc", "bc", "<0x64>", "<0xC3>", "<0xA9>", "aa", "aaa", "aaaa", "\u2581", "\u2581a", "a</w>", "c</w>", "bc</w>", "##a", "a##", "##b", "a##b"])}


def bpe(**more):
    merges = [["a", "b"], ["ab", "c"], ["a", "a"], ["aa", "a"], ["aa", "aa"], ["b", "c"], ["\u2581", "a"], ["b", "c</w>"]]
    base = {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None, "end_of_word_suffix": None, "fuse_unk": False, "byte_fallback": False, "ignore_merges": False, "vocab": BPE_VOCAB, "merges": merges}
    return {**base, **more}


UNIGRAM = {"type": "Unigram", "unk_id": 0, "byte_fallback": False, "vocab": [["<unk>", 0.0], ["a", -1.5], ["b", -2.0], ["ab", -2.5], ["abc", -9.0], ["c", -3.0], ["bc", -3.5], ["<0xC3>", -20.0], ["<0xA9>", -20.0], ["aa", -3.0], ["<unk>d", -4.0]]}
WS = {"type": "WhitespaceSplit"}


def added(content, index, **flags):
    return {"id": index, "content": content, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": False, **flags}


def tokenizer(model, **parts):
    empty = {"version": "1.0", "truncation": None, "padding": None, "added_tokens": [], "normalizer": None, "pre_tokenizer": None, "post_processor": None, "decoder": None}
    return {**empty, **parts, "model": model}


def template(single, pair):
    piece = lambda s: {"Sequence": {"id": s[1], "type_id": int(s[2:])}} if s[0] == "$" else {"SpecialToken": {"id": s[:-1], "type_id": int(s[-1])}}
    tokens = {t: {"id": t, "ids": [WORDS[t]], "tokens": [t]} for t in ("[CLS]", "[SEP]")}
    tokens["two"] = {"id": "two", "ids": [WORDS["<s>"], WORDS["</s>"]], "tokens": ["<s>", "</s>"]}
    return {"type": "TemplateProcessing", "single": [piece(s) for s in single], "pair": [piece(s) for s in pair], "special_tokens": tokens}


def truncation(length, stride=0, strategy="LongestFirst", direction="Right"):
    return {"direction": direction, "max_length": length, "strategy": strategy, "stride": stride}


def padding(strategy, multiple=None, direction="Right"):
    return {"strategy": strategy, "direction": direction, "pad_to_multiple_of": multiple, "pad_id": 3, "pad_type_id": 2, "pad_token": "[PAD]"}


ENCODE_TEXTS = ["", "a", "there unwanted a", "hello, world a,b c d", "abc aabca aaaaaaa d\u00e9", "x y z a b c d e x y z", " abc\u2581a ", "thethethethe the", "A<M>b <M> c  <N>  aM MaM M the\u6771re </s> <S>a", "\u00e9\u00e9a\u00e9 d d dad"]
PAIRS = [["a b", "c d e"], ["x y z a b c d e", "a"], ["a", "x y z a b c d e"], ["a b c d e x y z", "x y z a b c d e"], ["", "a"]]
ADDED = [
    added("<M>", 24, special=True), added("<N>", 25, lstrip=True, rstrip=True, special=True), added("M", 26, single_word=True, normalized=True), added("</s>", 20, special=True, rstrip=True), added("\u6771", 18, normalized=True), added("<S>", 27, normalized=True), added("<M><", 28), added("THERE", 29, normalized=True),
]
TEMPLATE = template(["[CLS]0", "$A0", "[SEP]0"], ["[CLS]0", "$A0", "[SEP]0", "$B1", "[SEP]1"])
TOKENIZERS = [
    tokenizer(WORD_PIECE, pre_tokenizer={"type": "BertPreTokenizer"}), tokenizer(WORD_LEVEL, pre_tokenizer=WS), tokenizer(WORD_PIECE, pre_tokenizer=WS, added_tokens=ADDED, normalizer={"type": "Lowercase"}), tokenizer(WORD_PIECE, pre_tokenizer=WS, added_tokens=ADDED),
    *(tokenizer(bpe(**m), pre_tokenizer=p) for p in (WS, None) for m in ({}, {"unk_token": "<unk>"}, {"unk_token": "<unk>", "fuse_unk": True}, {"unk_token": "<unk>", "byte_fallback": True}, {"unk_token": "<unk>", "fuse_unk": True, "byte_fallback": True}, {"ignore_merges": True}, {"end_of_word_suffix": "</w>", "unk_token": "<unk>"})),
    tokenizer(bpe(continuing_subword_prefix="##", unk_token="<unk>", merges=[["a##", "##b"]], vocab={**BPE_VOCAB, "a##": 50, "##b": 51, "a##b": 52}), pre_tokenizer=WS),
    *(tokenizer({**UNIGRAM, **m}, pre_tokenizer=p) for p in (WS, {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "first", "split": True}) for m in ({}, {"byte_fallback": True})),
    *(tokenizer(WORD_LEVEL, pre_tokenizer=WS, post_processor=p) for p in (
        TEMPLATE, template(["two0", "$A1", "[SEP]3"], ["$B1", "two2", "$A0"]), {"type": "BertProcessing", "sep": ["[SEP]", 2], "cls": ["[CLS]", 1]}, {"type": "RobertaProcessing", "sep": ["</s>", 20], "cls": ["<s>", 19], "trim_offsets": True, "add_prefix_space": True},
        {"type": "Sequence", "processors": [{"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}, TEMPLATE]})),
    *(tokenizer(WORD_LEVEL, pre_tokenizer=WS, post_processor=TEMPLATE, truncation=t) for t in (truncation(6), truncation(6, 2), truncation(5, 1, direction="Left"), truncation(7, 1, "OnlyFirst"), truncation(3))),
    *(tokenizer(WORD_LEVEL, pre_tokenizer=WS, post_processor=TEMPLATE, padding=p, truncation=truncation(7, 1)) for p in (padding({"Fixed": 10}), padding({"Fixed": 5}, 4, "Left"), padding("BatchLongest", 8))),
    tokenizer(bpe(unk_token="<unk>"), pre_tokenizer={"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True}, post_processor={"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True}),
    tokenizer(bpe(unk_token="<unk>"), normalizer={"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "\u2581"}, {"type": "Replace", "pattern": {"String": " "}, "content": "\u2581"}]}, added_tokens=[added("<M>", 22, special=True), added("<S>", 23, normalized=True)]),
]


def described(encoding, overflow=True):
    """Lists that hold nothing but the usual value are left out; so is what overflows from an overflowing part."""
    lists = {
        "ids": encoding.ids, "offsets": [v for pair in encoding.offsets for v in pair], "words": [-1 if w is None else w for w in encoding.word_ids],
        "type_ids": encoding.type_ids, "special": encoding.special_tokens_mask, "attention": encoding.attention_mask,
    }
    usual = {"type_ids": {0}, "special": {0}, "attention": {1}}
    out = {key: values for key, values in lists.items() if values and not set(values) <= usual.get(key, set())}
    if overflow and encoding.overflowing:
        out["overflow"] = [described(part, False) for part in encoding.overflowing]
    return out


def load(**parts):
    return Tokenizer.from_str(json.dumps(tokenizer(WORD_LEVEL, **parts)))


def cases():
    for config in NORMALIZERS:
        part = load(normalizer=config).normalizer
        yield {"kind": "normalizer", "config": config, "in": TEXTS, "out": [part.normalize_str(t) for t in TEXTS]}
    for config in PRE_TOKENIZERS:
        part = load(pre_tokenizer=config).pre_tokenizer
        yield {"kind": "pre_tokenizer", "config": config, "in": TEXTS, "out": [[[s, *at] for s, at in part.pre_tokenize_str(t)] for t in TEXTS]}
    for config in DECODERS:
        part = load(decoder=config).decoder
        yield {"kind": "decoder", "config": config, "in": DECODE, "out": [part.decode(t) for t in DECODE]}
    for config in TOKENIZERS:
        whole = Tokenizer.from_str(json.dumps(config))
        out = []
        for special in (True, False):
            for texts in [[t] for t in ENCODE_TEXTS] + PAIRS:
                try:
                    out.append({"in": texts, "add_special": special, **described(whole.encode(*texts, add_special_tokens=special))})
                except BaseException as error:  # the reference refuses (or panics at) some truncations
                    out.append({"in": texts, "add_special": special, "error": str(error)})
        yield {"kind": "encode", "config": config, "out": out}


lines = [json.dumps(case, ensure_ascii=True, separators=(",", ":")) for case in cases()]
(pathlib.Path(sys.argv[1]) / "components.json").write_text("[\n" + ",\n".join(lines) + "\n]\n", "utf-8")
print(len(lines), "components")
