#!/usr/bin/env python3
"""Plants faults that people make in the plugins of `motet plugin new`, and asks the conformance kit:  faults_test.py BUILD_FOLDER [WORD]

Each fault is one replacement in a template's source, in which the kit finds nothing as it stands. The kit must find each but those of
MISSED, which docs/plugins/verify.md lists for authors; one that it finds after all must leave that list. WORD limits the run to faults with
it in their name.
"""
import json
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
from installed import Installed  # noqa: E402

# By kind and language: what the fault is, what is there, what a hurried author writes instead.
FAULTS = {
    ("host-stage", "c++"): [
        ("a limit off by one", "words == most_", "words > most_"),
        ("a static buffer", "    std::string out;\n    std::int64_t words", "    static std::string out;\n    std::int64_t words"),
        ("an empty result instead of a failure", "if (words == 0) throw", "if (words < 0) throw"),
        ("a character forgotten", '" \\t\\r\\n\\v\\f"', '" \\t\\r\\v\\f"'),
        ("a default that its own range refuses", ".range(0, 1 << 30)", ".range(1, 1 << 30)"),
        ("a wrong default", '.otherwise("0")', '.otherwise("1")'),
    ],
    ("host-stage", "c"): [
        ("a leak", "{ free(stage); }", "{ (void)stage; }"),
        ("a text taken as terminated", "i < text.size_bytes; ++i", "text.data[i] != 0; ++i"),
        ("memory too small", "text.size_bytes + 1)", "text.size_bytes / 2 + 1)"),
        ("a limit that wears out", "words == stage->most)", "words == stage->most--)"),
        ("a failure without a reason", 'host->fail(call, MOTET_INVALID_ITEM, "in.text", "the text has no words");', ""),
    ],
    ("tokenizer", "c++"): [
        ("beginning and end swapped", "kBegin = 256, kEnd = 257", "kBegin = 257, kEnd = 256"),
        ("offsets in bytes", "if ((byte & 0xC0) != 0x80) ++characters;", "++characters;"),
        ("bytes with a sign", "const auto byte = static_cast<unsigned char>(c);", "const int byte = c;"),
        ("special tokens kept where they are to be skipped", "if (!skip_special && ", "if (skip_special && "),
        ("a special token that nobody asked for", "if (add_special) add(kEnd", "add(kEnd"),
        ("a token under another's name", 'if (token == "<end>") return kEnd;', 'if (token == "<end>") return kBegin;'),
        ("text that is no UTF-8", "call.text(motet::valid_utf8(bytes))", "call.text(bytes)"),
        ("an id off by one", "id >= 0 && id < 256", "id > 0 && id < 256"),
    ],
    ("encoder", "c++"): [
        ("attention without its mask", "head(value_), {.length = length})", "head(value_))"),
        ("a mean over padding", '"mean", 1, {.length = length})', '"mean", 1)'),
        ("a sum for a mean", '"mean", 1', '"sum", 1'),
        ("no positions in the queries", "query = g.rope(head(query_), width)", "query = head(query_)"),
        ("queries and keys swapped", "g.attention(query, key,", "g.attention(key, query,"),
        ("no residual", "g.add(x, g.reshape(seen, {batch, time, width}))", "g.reshape(seen, {batch, time, width})"),
    ],
    ("projector", "c++"): [
        ("no activation", "g.sigmoid(g.linear(x, g.weight(gate_)))", "g.linear(x, g.weight(gate_))"),
        ("one weight twice", "g.linear(x, g.weight(up_)), open", "g.linear(x, g.weight(gate_)), open"),
    ],
    ("projector", "c"): [
        ("a sum for a product", '.string = "mul"', '.string = "add"'),
        ("a matrix not transposed", ".integer = 1}", ".integer = 0}"),
        ("the wrong size declared", "negotiation->outputs->dims[x->rank - 1] = e;", ""),
    ],
    ("cross-attention", "c++"): [
        ("a gate not squashed", "g.tanh(g.weight(gate_))", "g.weight(gate_)"),
        ("the length of the memory ignored", "{.row = g.row(), .length = length}",
         '{.row = g.row(), .length = g.fill({rows}, static_cast<double>(time), {.dtype = "i32"})}'),
        ("no residual", "return g.add(x, g.mul(added, g.tanh(g.weight(gate_))));", "return g.mul(added, g.tanh(g.weight(gate_)));"),
        ("a norm without its weight", "g.rms_norm(x, {.weight = norm_})", "g.rms_norm(x)"),
        ("keys for values", "g.linear(memory, value_)", "g.linear(memory, key_)"),
    ],
    ("decoder", "c++"): [
        ("no positions in the queries", "query = g.rope(head(query_), width, {.position = step.positions})", "query = g.rope(head(query_), width)"),
        ("no residual", "g.add(x, g.reshape(seen, {count, width}))", "g.reshape(seen, {count, width})"),
        ("no norm before the head", "g.linear(g.rms_norm(hidden, {.weight = norm_}), head_)", "g.linear(hidden, head_)"),
        ("another token to stop at", ".stop = {0}", ".stop = {1}"),
        ("a limit ignored", ".max_tokens = max_tokens_", ".max_tokens = 0"),
        ("another token to start from", ".start = 1", ".start = 2"),
    ],
    ("operation", "c++"): [
        ("a window shifted in the shader", "(float(j) + 0.5)", "float(j)"),
        ("a window shifted in the reference", "(static_cast<double>(j) + 0.5)", "static_cast<double>(j)"),
        ("a shape too short", "(frames - 1) * hop + width", "frames * hop"),
        ("weights not divided by", "y[i] = static_cast<float>(sum / weights);", "y[i] = static_cast<float>(sum);"),
        ("a wrong default", '.otherwise("2")', '.otherwise("1")'),
    ],
}

# What the kit does not see.
MISSED = {
    "decoder c++: another token to start from",
}

# What it sees by C120 alone, the tests that come with the plugins; docs/plugins/verify.md says how many are not here.
BY_TESTS_ALONE = {
    "host-stage c++: a limit off by one",
    "host-stage c++: an empty result instead of a failure",
    "host-stage c++: a character forgotten",
    "host-stage c++: a default that its own range refuses",
    "host-stage c++: a wrong default",
    "tokenizer c++: beginning and end swapped",
    "tokenizer c++: bytes with a sign",
    "tokenizer c++: a special token that nobody asked for",
    "encoder c++: a sum for a mean",
    "encoder c++: no positions in the queries",
    "encoder c++: queries and keys swapped",
    "encoder c++: no residual",
    "projector c++: no activation",
    "projector c: a sum for a product",
    "projector c: a matrix not transposed",
    "cross-attention c++: a gate not squashed",
    "cross-attention c++: no residual",
    "decoder c++: no residual",
    "decoder c++: another token to stop at",
    "decoder c++: a limit ignored",
    "operation c++: a shape too short",
    "operation c++: a wrong default",
}


class Planted:
    """The folder of one template, built anew for each fault."""

    def __init__(self, motet, kind, language):
        self.motet, self.name = motet, f"{kind.replace('-', '_')}_{'c' if language == 'c' else 'cpp'}"
        motet.run("motet", "plugin", "new", "--kind", kind, "--language", language, self.name)
        self.folder = motet.scratch / self.name
        motet.run("cmake", "-B", "build", "-Wno-dev", folder=self.folder)
        self.source = next(self.folder.glob(f"{self.name}.c*"))
        self.right = self.source.read_text()

    def findings_with(self, there, instead):
        """The checks that fail with one replacement."""
        if self.right.count(there) < 1:
            sys.exit(f"{self.source.name} has no '{there}' any more")
        self.source.write_text(self.right.replace(there, instead, 1))
        return self.findings()

    def findings(self):
        """The checks that fail with the source as it is."""
        built = self.motet.run("cmake", "--build", "build", folder=self.folder, status=None)
        if built.returncode != 0:
            sys.exit(f"{self.source.name} does not build\n{built.stdout}{built.stderr}")
        verified = self.motet.run("motet", "plugin", "verify", f"build/{self.name}.so", "--json", "--jobs", "2", "--strictness", "10",
                                  "--seed", "20", "--limit", "60", folder=self.folder, status=None)
        outcomes = json.loads(verified.stdout)["outcomes"]
        return [f"{one['check']} {one['slug']} {one['verdict']}" for one in outcomes if one["verdict"] not in ("passed", "skipped")]


def main(build, word=""):
    wrong, found, total, by_tests_alone = [], 0, 0, set()
    with tempfile.TemporaryDirectory() as scratch:
        motet = Installed(Path(build), Path(scratch))
        motet.environment["CFLAGS"] = motet.environment["CXXFLAGS"] = "-O0"
        for (kind, language), faults in FAULTS.items():
            wanted = [fault for fault in faults if word in f"{kind} {language}: {fault[0]}"]
            if not wanted:
                continue
            planted = Planted(motet, kind, language)
            if unbroken := planted.findings():
                sys.exit(f"{kind} {language} with no fault in it: {', '.join(unbroken)}")
            for what, there, instead in wanted:
                began, name = time.monotonic(), f"{kind} {language}: {what}"
                checks = planted.findings_with(there, instead)
                total += 1
                found += bool(checks)
                if checks and all(check.startswith("C120 ") for check in checks):
                    by_tests_alone.add(name)
                print(f"{name}: {', '.join(checks) or 'not found'} ({time.monotonic() - began:.1f} s)", flush=True)
                if bool(checks) == (name in MISSED):
                    wrong.append(f"{name}: " + ("found, and yet listed as missed" if checks else "not found"))
    print(f"{found} of {total} faults found, {found - len(by_tests_alone)} of them also without the plugins' own tests (C120)")
    wrong += [f"{name}: found without C120 too, and yet listed" for name in sorted(BY_TESTS_ALONE - by_tests_alone) if word in name]
    wrong += [f"{name}: found by C120 alone, and not listed" for name in sorted(by_tests_alone - BY_TESTS_ALONE)]
    if wrong:
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main(*sys.argv[1:])
