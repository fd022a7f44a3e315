"""Runs one pipeline's example and compares what comes out with what its example.json says.

    python example.py MOTET FOLDER DEVICE

example.json: {"models": {parameter: model's name}, "set": {parameter: value}, "in": {input: value}, "outputs": {...},
"tolerance": for numbers, 0 where absent}. Outputs that it does not name are not compared.
"""
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def model_folder(name):
    made = subprocess.run([sys.executable, ROOT / "tools/models/get.py", name], check=True, stdout=subprocess.PIPE, text=True)
    return made.stdout.split()[-1]


def differences(wanted, got, tolerance, where):
    """What differs, a sentence each."""
    if isinstance(wanted, list) and isinstance(got, list):
        if len(wanted) != len(got):
            return [f"{where}: {len(got)} elements, wanted {len(wanted)}: {got}"]
        return [d for i, (w, g) in enumerate(zip(wanted, got)) for d in differences(w, g, tolerance, f"{where}[{i}]")]
    number = isinstance(wanted, (int, float)) and isinstance(got, (int, float))
    if number and abs(wanted - got) <= tolerance:
        return []
    return [] if wanted == got else [f"{where}: {got!r}, wanted {wanted!r}"]


def main():
    motet, folder, device = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve(), sys.argv[3]
    example = json.loads((folder / "example.json").read_text(encoding="utf-8"))
    command = [str(motet), "run", str(folder), "--json", "--device", device]
    for parameter, name in example.get("models", {}).items():
        command += ["--set", f"{parameter}={model_folder(name)}"]
    for parameter, value in example.get("set", {}).items():
        command += ["--set", f"{parameter}={value}"]
    for name, value in example["in"].items():
        command += ["--in", f"{name}={value}"]
    run = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if run.returncode != 0:
        sys.exit(f"{' '.join(command)}\nended with {run.returncode}\n{run.stdout}{run.stderr}")
    items = json.loads(run.stdout)["items"]
    assert len(items) == 1 and example["outputs"], "one item and some outputs are wanted"
    found = []
    for name, wanted in example["outputs"].items():
        found += differences(wanted, items[0]["outputs"].get(name), example.get("tolerance", 0), name)
    if found:
        sys.exit("\n".join(found[:10]))
    print(f"{folder.name} on {device}: as its example says")


if __name__ == "__main__":
    main()
