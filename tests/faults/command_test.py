"""The command, while memory, a file or a map fails it: it ends with the status that docs/pipelines.md gives, says why in one line,
and leaves no half of a file behind:  command_test.py MOTET FAULTS_LIBRARY MODELS

MODELS is a program that writes the little models of these tests into a folder.
"""
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = 24  # of a pipeline's allocations, evenly among all of them
STATUSES = {"allocation": {3}, "read": {1, 2, 3}, "map": {2, 3}}
SAYS = {
    "allocation": ["memory"],
    "read": ["Too many open files", "Input/output error"],
    "map": ["Cannot allocate memory", "memory"],
}
# Libraries of others that cannot do without: whatever comes of a call that failed in one of them.
EXEMPT = re.findall(r'\{"(/lib\w+)"', (Path(__file__).parent / "exempt.hpp").read_text())
PASSED_THROUGH = ("motet_faults", "/libc.so", "/libstdc++.so", "/ld-linux", "/libgcc_s.so")


class Command:
    def __init__(self, motet, library, scratch, pipeline, arguments):
        self.words = [motet, "run", ROOT / "pipelines" / pipeline, *arguments, "--device", "cpu", "--threads", "1"]
        self.library = library
        self.scratch = scratch
        self.wanted = self.run(None)
        if self.wanted.returncode != 0:
            raise AssertionError(f"{pipeline} does not run at all: {self.wanted.stderr}")
        self.files = self.written()

    def run(self, faults):
        """The output of items goes into a folder of its own."""
        self.folder = Path(tempfile.mkdtemp(dir=self.scratch))
        environment = dict(os.environ)
        if faults is not None:
            environment |= {"LD_PRELOAD": str(self.library), "MOTET_FAULTS": faults}
        words = [str(word) for word in [*self.words, "--out", self.folder / "out"]]
        return subprocess.run(words, capture_output=True, text=True, errors="replace", env=environment, check=False, timeout=60)

    def written(self):
        return {file.name: file.read_bytes() for file in (self.folder / "out").glob("*")}

    def fail(self, kind, n):
        """The run, and whether the call that failed was that of a library which is exempt."""
        file = self.scratch / "modules"
        file.write_text("")
        done = self.run(f"{kind}:{n}:{file}")
        whose = next((module for module in file.read_text().splitlines() if not any(part in module for part in PASSED_THROUGH)), "")
        return done, any(library in whose for library in EXEMPT)

    def count(self, kind):
        file = self.scratch / "count"
        self.run(f"{kind}:count:{file}")
        return int(file.read_text())

    def wrong(self, kind, done, exempt):
        """Why this is no way to end; empty where it is one."""
        for name, content in self.written().items():
            if content != self.files.get(name):
                return f"it left the file {name}, which is not what it should be"
        if exempt:
            return ""
        if done.returncode == 0:
            return "" if self.written() == self.files else "it ended well without its files"
        if done.returncode not in STATUSES[kind]:
            return "it has a status of another kind"
        lines = done.stderr.rstrip("\n").split("\n")
        if not lines[0]:
            return "it does not say why"
        if not any(word in done.stderr for word in SAYS[kind]):
            return "it does not say what failed"
        return ""


def numbers(kind, count):
    if kind != "allocation":
        return range(1, count + 1)
    return sorted({1 + round(i * (count - 1) / (SAMPLES - 1)) for i in range(SAMPLES)})


def main(motet, library, models):
    failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        subprocess.run([models, scratch], check=True)
        commands = {
            "transcribe": ["--set", f"model={scratch / 'speech'}", "--in", f"audio={scratch / 'recording.wav'}"],
            "chat": ["--set", f"model={scratch / 'chat.gguf'}", "--set", "max_tokens=12", "--in", "text=a bc de"],
        }
        for pipeline, arguments in commands.items():
            command = Command(motet, library, scratch, pipeline, arguments)
            for kind in STATUSES:
                count = command.count(kind)
                tried = numbers(kind, count)
                exempted = 0
                for n in tried:
                    done, exempt = command.fail(kind, n)
                    exempted += exempt
                    if why := command.wrong(kind, done, exempt):
                        failed += 1
                        print(f"{pipeline}, {kind} {n} of {count}: {why} (status {done.returncode})\n{done.stderr}")
                print(f"{pipeline}: {len(tried)} of {count} calls of the kind {kind} failed, {exempted} of them in libraries that are exempt")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
