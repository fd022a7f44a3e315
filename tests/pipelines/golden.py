"""Runs one pipeline's tests with the models that they need:  golden.py MOTET FOLDER DEVICE"""
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def model_folder(name):
    made = subprocess.run([sys.executable, ROOT / "tools/models/get.py", name], check=True, stdout=subprocess.PIPE, text=True)
    return made.stdout.split()[-1]


def main():
    motet, folder, device = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve(), sys.argv[3]
    tests = (folder / "pipeline.test.yaml").read_text(encoding="utf-8")
    command = [str(motet), "test", str(folder), "--device", device]
    for parameter, name in re.findall(r"^  (\w+): what \./dev model (\S+) prints$", tests, re.MULTILINE):
        command += ["--set", f"{parameter}={model_folder(name)}"]
    sys.exit(subprocess.run(command, check=False).returncode)


if __name__ == "__main__":
    main()
