"""Runs the peers in turn, each in a fresh process, for several rounds, and writes the medians.

    python3 run.py [--rounds N] [--only WORD] [--out FILE.json]

Prints {"rounds": N, "peers": [{"peer": ..., "figures": {...}}]}. A peer that can't run here is listed with its reason instead of figures.
Call prepare.py first.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

import measure

HERE = Path(__file__).resolve().parent
COMMANDS = [
    "moonshine_onnxruntime.py whole", "moonshine_onnxruntime.py parts", "moonshine_torch.py",
    "minilm.py onnxruntime", "minilm.py openvino", "minilm.py torch",
    "smollm2_llama_cpp.py", "smollm2_llama_cpp.py --vulkan", "gemm_ncnn_vulkan.py", "identity_gstreamer.py", "identity_gstreamer.py --queues",
]


def one(command):
    """One fresh process; its last line is the answer."""
    environment = {**os.environ, "OMP_NUM_THREADS": str(measure.THREADS), "PYTHONPATH": str(HERE)}
    done = subprocess.run([measure.home() / "venv" / "bin" / "python", *command.split()], cwd=HERE, env=environment, capture_output=True, text=True)
    lines = done.stdout.strip().splitlines()
    if done.returncode or not lines:
        reasons = done.stderr.strip().splitlines() or [f"exit status {done.returncode}"]
        return {"peer": command, "error": reasons[-1]}
    return json.loads(lines[-1])


def gathered(command, answers):
    good = [a for a in answers if "figures" in a]
    if not good:
        return answers[0]
    names = good[0]["figures"]
    return {"peer": good[0]["peer"], "command": command, "figures": {n: statistics.median(a["figures"][n] for a in good) for n in names}}


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--only", default="")
    arguments.add_argument("--out", type=Path)
    given = arguments.parse_args()
    commands = [c for c in COMMANDS if given.only in c]
    answers = {c: [] for c in commands}
    for turn in range(given.rounds):
        for command in commands:
            print(f"round {turn + 1}: {command}", file=sys.stderr)
            answers[command].append(one(command))
    text = json.dumps({"rounds": given.rounds, "peers": [gathered(c, answers[c]) for c in commands]}, indent=2)
    if given.out:
        given.out.write_text(text + "\n")
    else:
        print(text)


if __name__ == "__main__":
    main()
