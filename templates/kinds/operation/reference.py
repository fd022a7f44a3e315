"""What the operation must compute, in plain Python: writes pipeline.test.yaml.

Run it when the maths changes; the tests then hold both the C++ and the GLSL against it.
"""
import math
from pathlib import Path

HERE = Path(__file__).resolve().parent
CASES = {
    "a_ramp": (2, [[1, 2, 3, 4], [3, 4, 5, 6], [5, 6, 7, 8]]),
    "side_by_side": (4, [[1, 2, 3, 4], [-1, -2, -3, -4]]),
    "dense": (1, [[1, 0, 0, 0], [0, -2, 0, 0], [0, 0, 3, 0], [0, 0, 0, -4], [0.5, 0.5, 0.5, 0.5]]),
    "one_frame": (3, [[0.25, -0.5, 1, 2]]),
}


def joined(frames, hop):
    width = len(frames[0])
    window = [math.sin(math.pi * (j + 0.5) / width) ** 2 for j in range(width)]
    length = (len(frames) - 1) * hop + width
    sums, weights = [0.0] * length, [0.0] * length
    for t, frame in enumerate(frames):
        for j, x in enumerate(frame):
            sums[t * hop + j] += window[j] * x
            weights[t * hop + j] += window[j]
    return [total / weight for total, weight in zip(sums, weights)]


def main():
    lines = ["# Written by reference.py.", "motet-test: 1", "cases:"]
    for name, (hop, frames) in CASES.items():
        wanted, plain = ([round(y, 6) for y in joined(frames, each)] for each in (hop, 2))
        lines += [f"  {name}:", f"    params: {{hop: {hop}}}", f"    in: {{frames: {frames}}}",
                  f"    out:", f"      signal: {{value: {wanted}, tolerance: 1e-5}}",
                  f"      plain: {{value: {plain}, tolerance: 1e-5}}"]
    lines += ["  gaps: {params: {hop: 5}, in: {frames: [[1, 2, 3, 4], [1, 2, 3, 4]]}, error: leave gaps}"]
    (HERE / "pipeline.test.yaml").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
