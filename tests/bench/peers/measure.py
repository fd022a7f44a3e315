"""How every peer is measured: two threads, medians, memory of the whole process, one line of JSON at the end."""
import json
import os
import statistics
import time
import wave
from pathlib import Path

THREADS = 2
SPEECH = Path(__file__).resolve().parents[3] / "pipelines" / "transcribe" / "jfk.wav"


def home():
    """Where `prepare.py` keeps the peers' environment and files."""
    return Path(os.environ.get("MOTET_PEERS") or Path.home() / ".cache" / "motet" / "peers")


def model(name):
    return Path(os.environ.get("MOTET_MODELS") or Path.home() / ".cache" / "motet" / "models") / name


def speech():
    """jfk.wav as f32 [1, n]."""
    import numpy as np
    with wave.open(str(SPEECH)) as file:
        return (np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float32) / 32768)[None]


def median_s(call, seconds=2.0, least=5):
    """Median seconds of `call`, after two calls that are not counted."""
    call(), call()
    times, end = [], time.perf_counter() + seconds
    while len(times) < least or time.perf_counter() < end:
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def peak_mb():
    """VmHWM of this process in MB (10^6 bytes)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise SystemExit("no VmHWM in /proc/self/status")


def say(peer, figures):
    print(json.dumps({"peer": peer, "figures": {k: round(v, 4) for k, v in figures.items()}}))
