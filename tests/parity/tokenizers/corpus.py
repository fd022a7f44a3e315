"""The lines that every tokenizer is compared on: made from corpus.json by the same steps as tests/plugins/tokenizer/corpus.cpp."""
import json
import pathlib

MASK = (1 << 64) - 1
FNV_OFFSET, FNV_PRIME = 0xCBF29CE484222325, 0x100000001B3


def fnv(data, state=FNV_OFFSET):
    for byte in data:
        state = (state ^ byte) * FNV_PRIME & MASK
    return state


class Random:
    """splitmix64"""

    def __init__(self, seed):
        self.state = seed

    def below(self, limit):
        self.state = self.state + 0x9E3779B97F4A7C15 & MASK
        z = self.state
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & MASK
        z = (z ^ z >> 27) * 0x94D049BB133111EB & MASK
        return (z ^ z >> 31) % limit


class Corpus:
    def __init__(self):
        recipe = json.loads(pathlib.Path(__file__).with_name("corpus.json").read_text("utf-8"))
        self.alphabets = [a["ranges"] for a in recipe["alphabets"]]
        self.fragments, self.texts = recipe["fragments"], recipe["texts"]
        self.random = Random(recipe["seed"])
        self.lines = [self.line(i) for i in range(recipe["lines"])]

    def alphabet(self):
        return self.alphabets[self.random.below(len(self.alphabets))]

    def character(self, alphabet):
        first, last = alphabet[self.random.below(len(alphabet))]
        return chr(first + self.random.below(last - first + 1))

    def word(self, alphabet, length):
        return "".join(self.character(alphabet) for _ in range(length))

    def words(self, mixed):
        alphabet, out = self.alphabet(), ""
        for i in range(1 + self.random.below(9)):
            if i > 0:
                out += " "
            out += self.word(self.alphabet() if mixed else alphabet, 1 + self.random.below(9))
        return out

    def mutated(self):
        text = list(self.texts[self.random.below(len(self.texts))])
        for _ in range(1 + self.random.below(6)):
            at, what = self.random.below(len(text)), self.random.below(4)
            if what == 0:
                text.insert(at, self.character(self.alphabet()))
            elif what == 1:
                text[at] = self.fragments[self.random.below(len(self.fragments))]
            elif what == 2:
                text[at] = text[at].upper() if text[at].isascii() else text[at] * 2
            else:
                text = text[: at + 1]
        return "".join(text)

    def fragments_line(self):
        out = ""
        for _ in range(1 + self.random.below(7)):
            out += self.fragments[self.random.below(len(self.fragments))]
            if self.random.below(2):
                out += " "
        return out

    def line(self, index):
        if index % 256 == 7:
            return self.word(self.alphabet(), 200 + self.random.below(2800))  # a very long word
        kind = index % 6
        if kind == 0:
            return self.words(False)
        if kind == 1:
            return self.words(True)
        if kind == 2:
            return self.mutated()
        if kind == 3:
            return self.fragments_line()
        if kind == 4:
            return self.word(self.alphabet(), 1 + self.random.below(30))
        return self.fragments_line() + self.words(True) + self.mutated()
