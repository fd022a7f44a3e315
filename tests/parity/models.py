"""Where the reference finds models, and how goldens are written."""
import json
import os
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
GOLDENS = HERE / "goldens"
SPEECH = HERE.parent.parent / "pipelines" / "transcribe" / "jfk.wav"


def folder(name, given=None):
    """The folder of a model that `./dev model NAME` fetched, unless one was given."""
    home = Path(given) if given else Path(os.environ.get("MOTET_MODELS") or Path.home() / ".cache" / "motet" / "models") / name
    if not home.is_dir():
        raise SystemExit(f"no folder {home}: run ./dev model {name}, or name another folder as the argument")
    return home


def one_thread():
    """One thread and no fused shortcuts: the same sums in the same order on every run of the same machine."""
    import torch
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)


def margin(logits):
    """Best logit less the second best."""
    best = logits.topk(2).values
    return round(float(best[0] - best[1]), 5)


def save_json(name, value):
    """A line for each entry of the lists at the top, so that diffs are readable."""
    def line(v):
        return json.dumps(v, ensure_ascii=False, separators=(", ", ": "))

    fields = []
    for key, v in value.items():
        if isinstance(v, list) and v and isinstance(v[0], (dict, list)):
            fields.append(f"{line(key)}: [\n  " + ",\n  ".join(line(e) for e in v) + "\n]")
        else:
            fields.append(f"{line(key)}: {line(v)}")
    path = GOLDENS / name
    path.write_text("{\n" + ",\n".join(fields) + "\n}\n", encoding="utf-8")
    print(f"{name}: {path.stat().st_size} bytes")


def save_npy(name, array):
    path = GOLDENS / name
    np.save(path, np.ascontiguousarray(array))
    print(f"{name}: {array.dtype} {list(array.shape)}, {path.stat().st_size} bytes")
