"""What the plugin must compute, in plain Python: writes weights.safetensors and pipeline.test.yaml.

Run it when the maths changes; the tests then hold the plugin against it.
"""
import json
import math
import struct
from pathlib import Path

HERE = Path(__file__).resolve().parent
UP = [[0.5, -0.25, 1.0], [0.125, 0.75, -0.5]]  # (E, D)
GATE = [[1.0, 0.0, -0.5], [-0.25, 0.5, 0.25]]


def save(path, tensors):
    """A safetensors file of f32 matrices: the header's size, the header as JSON, the numbers."""
    header, data = {}, b""
    for name, rows in tensors.items():
        numbers = [number for row in rows for number in row]
        begin, data = len(data), data + struct.pack(f"<{len(numbers)}f", *numbers)
        header[name] = {"dtype": "F32", "shape": [len(rows), len(rows[0])], "data_offsets": [begin, len(data)]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def times(matrix, vector):
    return [sum(a * b for a, b in zip(row, vector)) for row in matrix]


def project(x):
    return [up / (1 + math.exp(-gate)) for up, gate in zip(times(UP, x), times(GATE, x))]


def main():
    save(HERE / "weights.safetensors", {"up": UP, "gate": GATE})
    lines = ["# Written by reference.py.", "motet-test: 1", "cases:"]
    for name, features in {"three": [[1, 2, 3], [-1, 0.5, 0], [0, 0, 0]], "one": [[-2, 4, 0.125]]}.items():
        wanted = [[round(y, 6) for y in project(x)] for x in features]
        lines += [f"  {name}:", f"    in: {{features: {features}}}", f"    out: {{projected: {{value: {wanted}, tolerance: 1e-5}}}}"]
    lines += ["  too_wide: {in: {features: [[1, 2, 3, 4]]}, error: f32}"]
    (HERE / "pipeline.test.yaml").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
