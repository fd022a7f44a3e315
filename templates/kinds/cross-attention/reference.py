"""What the plugin must compute, in plain Python: writes weights.safetensors and pipeline.test.yaml.

Run it when the maths changes; the tests then hold the plugin against it.
"""
import json
import math
import struct
from pathlib import Path

HERE = Path(__file__).resolve().parent
WIDTH, WORDS, SEEN = 6, 11, 3


def matrix(rows, columns, seed):
    """Numbers between -1 and 1 that f32 has exactly."""
    return [[((i * columns + j) * 7 + seed * 5 + i * j) % 17 / 8 - 1 for j in range(columns)] for i in range(rows)]


def save(path, tensors):
    """A safetensors file of f32: the header's size, the header as JSON, the numbers."""
    header, data = {}, b""
    for name, rows in tensors.items():
        shape = [len(rows), len(rows[0])] if isinstance(rows[0], list) else [len(rows)]
        numbers = [number for row in rows for number in row] if len(shape) == 2 else rows
        begin, data = len(data), data + struct.pack(f"<{len(numbers)}f", *numbers)
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [begin, len(data)]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def times(rows, vector):
    return [sum(a * b for a, b in zip(row, vector)) for row in rows]


def plus(a, b):
    return [x + y for x, y in zip(a, b)]


def attend(query, keys, values):
    scores = [math.exp(sum(a * b for a, b in zip(query, key)) / math.sqrt(len(query))) for key in keys]
    return [sum(s * value[d] for s, value in zip(scores, values)) / sum(scores) for d in range(len(values[0]))]


def zeros(rows, columns):
    return [[0.0] * columns for _ in range(rows)]


WEIGHTS = {"norm": [1.0, 0.5, 1.5, 1.0, 0.75, 1.25], "query": matrix(WIDTH, WIDTH, 2), "key": matrix(WIDTH, SEEN, 3),
           "value": matrix(WIDTH, SEEN, 4), "out": matrix(WIDTH, WIDTH, 5), "gate": [0.75]}
DECODER = {"embed": matrix(WORDS, WIDTH, 1), "head": matrix(WORDS, WIDTH, 2), "final_norm": [1.0] * WIDTH, "0.self_norm": [1.0] * WIDTH,
           "0.query": zeros(WIDTH, WIDTH),
           "0.key": zeros(WIDTH, WIDTH), "0.value": zeros(WIDTH, WIDTH),
           "0.out": zeros(WIDTH, WIDTH), "0.feed_forward_norm": [1.0] * WIDTH, "0.up": zeros(2, WIDTH),
           "0.down": zeros(WIDTH, 2)}


def normed(x, weight):
    scale = math.sqrt(sum(number * number for number in x) / len(x) + 1e-5)
    return [number / scale * w for number, w in zip(x, weight)]


def look(x, memory):
    keys, values = ([times(WEIGHTS[name], one) for one in memory] for name in ("key", "value"))
    seen = attend(times(WEIGHTS["query"], normed(x, WEIGHTS["norm"])), keys, values)
    return plus(x, [math.tanh(WEIGHTS["gate"][0]) * number for number in times(WEIGHTS["out"], seen)])


def written(memory, most):
    """What the decoder writes: all it has beside the slot is an embedding and a norm."""
    tokens = [1]
    while len(tokens) <= most:
        logits = times(DECODER["head"], normed(look(DECODER["embed"][tokens[-1]], memory), DECODER["final_norm"]))
        first, second = sorted(logits)[:-3:-1]
        assert first - second > 1e-3, "too close to call: choose other weights or memories"
        if first == logits[0]:
            break
        tokens.append(logits.index(first))
    return tokens[1:]


MEMORIES = {"three": [[1, 0, 0.5], [-0.5, 1, 0], [0, 0.25, 1]], "one": [[0.5, -1, 2]], "two": [[-1, -1, 0.5], [2, 0.5, -1]]}


def main():
    save(HERE / "weights.safetensors", WEIGHTS)
    save(HERE / "decoder/model.safetensors", DECODER)
    lines = ["# Written by reference.py.", "motet-test: 1", "cases:"]
    for name, memory in MEMORIES.items():
        lines += [f"  {name}:", f"    in: {{memory: {memory}}}", f"    out: {{tokens: {written(memory, 8)}}}"]
    lines += ["  too_wide: {in: {memory: [[1, 2, 3, 4]]}, error: f32}"]
    (HERE / "pipeline.test.yaml").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
