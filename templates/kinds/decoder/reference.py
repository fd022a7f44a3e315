"""What the plugin must compute, in plain Python: writes weights.safetensors and pipeline.test.yaml.

Run it when the maths changes; the tests then hold the plugin against it.
"""
import json
import math
import struct
from pathlib import Path

HERE = Path(__file__).resolve().parent
WIDTH, WORDS = 6, 11


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


def turned(x, position):
    """Rotates the pairs (i, i + D / 2) by position * 10000^(-2i / D)."""
    half, out = len(x) // 2, list(x)
    for i in range(half):
        angle = position * 10000 ** (-2 * i / len(x))
        out[i] = x[i] * math.cos(angle) - x[i + half] * math.sin(angle)
        out[i + half] = x[i + half] * math.cos(angle) + x[i] * math.sin(angle)
    return out


WEIGHTS = {"embed": matrix(WORDS, WIDTH, 1), "query": matrix(WIDTH, WIDTH, 2), "key": matrix(WIDTH, WIDTH, 3),
           "value": matrix(WIDTH, WIDTH, 4), "norm": [0.5 + i * 5 % 7 / 4 for i in range(WIDTH)],
           "head": matrix(WORDS, WIDTH, 6)}


def next_token(tokens):
    x = [WEIGHTS["embed"][token] for token in tokens]
    keys = [turned(times(WEIGHTS["key"], one), t) for t, one in enumerate(x)]
    values = [times(WEIGHTS["value"], one) for one in x]
    last = plus(x[-1], attend(turned(times(WEIGHTS["query"], x[-1]), len(x) - 1), keys, values))
    scale = math.sqrt(sum(number * number for number in last) / len(last) + 1e-5)
    logits = times(WEIGHTS["head"], [number / scale * weight for number, weight in zip(last, WEIGHTS["norm"])])
    first, second = sorted(logits)[:-3:-1]
    assert first - second > 1e-3, "too close to call: choose other weights or prompts"
    return logits.index(first)


def generated(prompt, most):
    tokens = list(prompt)
    while len(tokens) < len(prompt) + most and (token := next_token(tokens)) != 0:
        tokens.append(token)
    return tokens[len(prompt):]


def main():
    save(HERE / "weights.safetensors", WEIGHTS)
    lines = ["# Written by reference.py.", "motet-test: 1", "cases:"]
    for name, prompt in {"three": [3, 1, 4], "one": [7], "longer": [2, 7, 1, 8, 2, 8, 1, 8], "stops": [1, 2, 5], "at_once": [8, 10]}.items():
        lines += [f"  {name}:", f"    in: {{prompt: {prompt}}}", f"    out: {{tokens: {generated(prompt, 12)}}}"]
    lines += ["  cut:", "    params: {max_tokens: 2}", "    in: {prompt: [3, 1, 4]}", f"    out: {{tokens: {generated([3, 1, 4], 2)}}}"]
    (HERE / "pipeline.test.yaml").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
