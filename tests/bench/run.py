"""Measures Motet beside its peers and writes a table: ./dev bench [--rounds N] [--only WORD] [--no-peers] [--build FOLDER]

Every figure is taken in a fresh process, Motet and the peers in turn, two threads each, for several rounds; the table has
medians, the ratio, what it should be, and the bound that arithmetic or memory sets on this machine (measured in the same run:
oneDNN's float32 products of (457, 1152, 288), and reading memory once). Peers: tests/bench/peers; they are prepared on the
first call, where llama.cpp builds from source for many minutes. What cannot run here is listed with its reason.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE / "peers"))
import measure  # noqa: E402
import run as peers  # noqa: E402

SPEECH, PARITY = ROOT / "pipelines/transcribe/jfk.wav", ROOT / "tests/parity/pipelines"
PROMPT, NEW = 128, 64

# Arithmetic of jfk.wav's encoder, of a prompt of 128 tokens (all layers for each, the head once) and of 32 sentences of 32
# tokens, in GFLOP. Bytes that a step reads, in GB: the weights of Moonshine's decoder (77.65 MB of the file, less 3.98 of the
# cross-attention's keys and values, which are made once), SmolLM2's file. As much of them as the last cache holds may have stayed
# there since the step before, so that it is no part of the bound.
ENCODER_GFLOP, PROMPT_GFLOP, SENTENCES_GFLOP = 9.7, 27.2, 22.0
STEP_GB, SMOLLM2_GB = 0.0737, 0.0984


class Failed(Exception):
    pass


def call(command):
    """Runs a process; stdout, seconds from start to end, peak memory in MB (10^6 bytes)."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = time.perf_counter()
        process = subprocess.Popen([str(c) for c in command], stdout=out, stderr=err, cwd=ROOT)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0), err.seek(0)
        if process.returncode != 0:
            lines = err.read().decode(errors="replace").strip().splitlines()
            raise Failed(lines[0] if lines else f"exit status {process.returncode}")
        return out.read().decode(), seconds, usage.ru_maxrss * 1024 / 1e6


class Motet:
    def __init__(self, build, scratch):
        self.binary, self.bin, self.scratch = build / "bin/motet", build / "bin", scratch
        self.smollm2 = next(measure.model("smollm2").glob("*.gguf"))

    def bench(self, pipeline, model, *more, rounds=10, device="cpu"):
        out, _, peak = call([self.binary, "bench", pipeline, "--set", f"model={model}", "--threads", measure.THREADS, "--device", device, "--rounds", rounds,
                             "--json", *more])
        return json.loads(out), peak

    def items(self, name, values):
        path = self.scratch / f"{name}.jsonl"
        path.write_text("".join(json.dumps(v) + "\n" for v in values))
        return f"@{path}"

    def whole(self):
        out, seconds, peak = call([self.binary, "run", "pipelines/transcribe", "--set", f"model={measure.model('moonshine-tiny')}", "--in", f"audio={SPEECH}",
                                   "--threads", measure.THREADS, "--device", "cpu"])
        if "what you can do for your country." not in out:
            raise Failed(f"heard something else: {out}")
        return {"moonshine.whole_ms": seconds * 1e3, "moonshine.peak_mb": peak}

    def encoder(self):
        found, _ = self.bench(PARITY / "hear.yaml", measure.model("moonshine-tiny"), "--in", f"audio={SPEECH}")
        return {"moonshine.encoder_ms": found["stages"]["encoder"]["ms"]}

    def step(self):
        found, _ = self.bench("pipelines/transcribe", measure.model("moonshine-tiny"), "--in", f"audio={SPEECH}", rounds=5)
        return {"moonshine.step_ms": found["generators"]["words"]["step_ms"]}

    def chat(self, device="cpu", new=NEW, rounds=3, where="smollm2"):
        prompt = self.items("prompt", [{"prompt": [i * 7919 % 40000 + 100 for i in range(PROMPT)]}])
        found, peak = self.bench(PARITY / "chat-ids.yaml", self.smollm2, "--set", f"max_tokens={new}", "--in", prompt, rounds=rounds, device=device)
        answer = found["generators"]["answer"]
        if answer["prompt_tokens"] != PROMPT or answer["steps"] == 0:
            raise Failed(f"not the prompt and the steps that were asked for: {answer}")
        return {f"{where}.pp{PROMPT}_tokens_per_s": PROMPT / answer["prefill_ms"] * 1e3, f"{where}.tg{new}_tokens_per_s": 1e3 / answer["step_ms"],
                f"{where}.peak_mb": peak}

    def chat_on_vulkan(self):
        return self.chat("vulkan", 8, 1, "smollm2.vulkan")

    def sentences(self):
        ids = [[101] + [(s * 31 + i * 7919) % 29000 + 1000 for i in range(30)] + [102] for s in range(32)]
        found, peak = self.bench(PARITY / "embed-ids.yaml", measure.model("minilm"), "--in", self.items("sentences", [{"ids": i} for i in ids]))
        return {"minilm.sentences_per_s": len(ids) / found["round_ms"] * 1e3, "minilm.peak_mb": peak}

    def tokenize(self):
        _, seconds, _ = call([self.binary, "run", "pipelines/tokenize", "--set", f"file={measure.model('moonshine-tiny')}", "--in", "text=Ask not"])
        return {"tokenize.whole_ms": seconds * 1e3}

    def gaps(self, device="cpu", where="smollm2"):
        """The part of a decode step in which no kernel runs, from a trace: from each step's begin to the next one's."""
        trace, prompt = self.scratch / "trace.json", self.items("short", [{"prompt": [i * 7919 % 40000 + 100 for i in range(16)]}])
        call([self.binary, "run", PARITY / "chat-ids.yaml", "--set", f"model={self.smollm2}", "--set", "max_tokens=40", "--in", prompt,
              "--threads", measure.THREADS, "--device", device, "--trace", trace, "--json"])
        events = [e for e in json.loads(trace.read_text())["traceEvents"] if e["ph"] == "X"]
        steps = sorted((e["ts"], e["ts"] + e["dur"]) for e in events if e["tid"] == 2)[4:]
        kernels = sorted((e["ts"], e["ts"] + e["dur"]) for e in events if e["tid"] == 3)
        shares = []
        for (begin, _), (end, _) in zip(steps, steps[1:]):
            busy, reached = 0.0, begin
            for first, last in kernels:
                if last > reached and first < end:
                    busy += min(last, end) - max(first, reached)
                    reached = max(reached, min(last, end))
            shares.append(1 - busy / (end - begin))
        if len(shares) < 16:
            raise Failed(f"only {len(shares)} steps in the trace")
        return {f"{where}.idle_share_of_step": statistics.median(shares)}

    def gaps_on_vulkan(self):
        return self.gaps("vulkan", "smollm2.vulkan")

    def engine(self):
        found = json.loads(call([self.bin / "bench_engine"])[0])
        return {"chain.items_per_s": found["chain_items_per_s"], "chain.equal_stages": found["equal_stages"],
                "chain.equal_computing": found["equal_computing"],
                **{figure.replace("isolated_", "isolated."): value for figure, value in found.items() if figure.startswith("isolated_")},
                "machine.two_threads": found["two_threads"], "machine.sgemm_gflops": found["sgemm_gflops"], "machine.read_gb_per_s": found["read_gb_per_s"]}

    def dense(self):
        return json.loads(call([self.bin / "bench_products", "cpu"])[0])

    def products_on_vulkan(self):
        return json.loads(call([self.bin / "bench_products", "vulkan"])[0])


# What Motet runs, and the peers' commands that are run beside it.
WORK = [
    ("engine", ["identity_gstreamer.py"]),
    ("encoder", ["moonshine_onnxruntime.py parts", "moonshine_torch.py"]),
    ("step", []),
    ("whole", ["moonshine_onnxruntime.py whole"]),
    ("chat", ["smollm2_llama_cpp.py"]),
    ("sentences", ["minilm.py openvino", "minilm.py onnxruntime", "minilm.py torch"]),
    ("tokenize", []),
    ("gaps", []),
    ("dense", []),
    ("chat_on_vulkan", ["smollm2_llama_cpp.py --vulkan"]),
    ("gaps_on_vulkan", []),
    ("products_on_vulkan", ["gemm_ncnn_vulkan.py"]),
]

# figure, what it is, peers it is compared with ("": all, the fastest), wanted ("<=" or ">=", number, "x" of the peer's or "" of itself)
ROWS = [
    ("moonshine.encoder_ms", "Moonshine encoder, jfk.wav, ms", "onnxruntime", ("<=", 0.85, "x")),
    ("moonshine.step_ms", "Moonshine decode step, ms", "onnxruntime", ("<=", 0.65, "x")),
    ("moonshine.whole_ms", "Process start to last word, ms", "onnxruntime", ("<=", 0.5, "x")),
    ("moonshine.peak_mb", "Its peak memory, MB", "onnxruntime", ("<=", 0.7, "x")),
    ("smollm2.pp128_tokens_per_s", "SmolLM2 Q4_1, prompt of 128, tokens/s", "llama.cpp", (">=", 2.0, "x")),
    ("smollm2.tg64_tokens_per_s", "SmolLM2 Q4_1, decoding, tokens/s", "llama.cpp", (">=", 1.3, "x")),
    ("minilm.sentences_per_s", "MiniLM, 32 sentences of 32 tokens, sentences/s", "", (">=", 1.05, "x")),
    ("chain.items_per_s", "Ten pass-through stages, items of 1 MiB, items/s", "gstreamer", (">=", 1.0, "x")),
    ("chain.equal_stages", "Three serial stages that wait as long, of one's rate", None, (">=", 0.9, "")),
    ("chain.equal_computing", "Three serial stages that compute as much, of one's rate", None, (">=", 0.9, "")),
    ("isolated.pass_us", "Isolated pass-through stage, item of 1 MiB, more than in one process, us", None, ("<=", 100, "")),
    ("isolated.pass_1k_us", "The same, 1 KiB", None, ("<=", 100, "")),
    ("isolated.pass_16m_us", "The same, 16 MiB", None, ("<=", 100, "")),
    ("isolated.idle_us", "The same, 1 MiB, the whole call after 2 ms without one, us", None, ("<=", 100, "")),
    ("isolated.make_us", "Isolated stage that makes a tensor of 1 MiB, more than in one process, us", None, ("<=", 100, "")),
    ("isolated.make_1k_us", "The same, 1 KiB", None, ("<=", 100, "")),
    ("isolated.make_16m_us", "The same, 16 MiB", None, ("<=", 100, "")),
    ("smollm2.idle_share_of_step", "Decode step without a kernel, share", None, ("<=", 0.1, "")),
    ("tokenize.whole_ms", "motet run tokenize, 1.7 MB tokenizer.json, ms", None, ("<=", 30, "")),
    ("dense.moonshine", "Moonshine's dense layers, the least part of dnnl_sgemm's rate", None, (">=", 0.8, "")),
    ("dense.minilm", "MiniLM's", None, (">=", 0.8, "")),
    ("dense.smollm2", "SmolLM2's", None, (">=", 0.8, "")),
    ("smollm2.vulkan.pp128_tokens_per_s", "SmolLM2 on this Vulkan device, prompt, tokens/s", "llama.cpp", (">=", 3.0, "x")),
    ("smollm2.vulkan.tg8_tokens_per_s", "SmolLM2 on this Vulkan device, decoding, tokens/s", "llama.cpp", (">=", 3.0, "x")),
    ("smollm2.vulkan.idle_share_of_step", "Its decode step without a kernel, share", None, ("<=", 0.1, "")),
    ("vulkan.matmul_457_1152_288_gflops", "Product (457, 1152, 288) on this Vulkan device, GFLOPS", "ncnn", (">=", 2.5, "x")),
    ("vulkan.matmul_1024_1024_1024_gflops", "Product of 1024 cubed on this Vulkan device, GFLOPS", "ncnn", (">=", 2.5, "x")),
]


def cache_gb():
    """The last cache that this processor shares, in GB; 0 where the machine does not say."""
    try:
        return int(Path("/sys/devices/system/cpu/cpu0/cache/index3/size").read_text().strip().removesuffix("K")) * 1024 / 1e9
    except (OSError, ValueError):
        return 0.0


def bounds(gflops, gb_per_s, two_threads):
    step, word = (max(gb - cache_gb(), 1e-6) for gb in (STEP_GB, SMOLLM2_GB))
    return {"chain.equal_stages": 1.0, "chain.equal_computing": min(1.0, two_threads / 3), "moonshine.encoder_ms": ENCODER_GFLOP / gflops * 1e3, "moonshine.step_ms": step / gb_per_s * 1e3,
            "smollm2.pp128_tokens_per_s": PROMPT * gflops / PROMPT_GFLOP, "smollm2.tg64_tokens_per_s": gb_per_s / word,
            "minilm.sentences_per_s": 32 * gflops / SENTENCES_GFLOP}


def compared(figure, name, wanted, others):
    """The peer's figure to compare with, and its name; of several the fastest."""
    if name is None:
        return None, ""
    found = [(figures[figure], peer) for peer, figures in others.items() if figure in figures and peer.startswith(name)]
    return (min(found) if wanted[0] == "<=" else max(found)) if found else (None, "")


def number(value):
    return "" if value is None else f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def table(mine, others):
    limit = bounds(*(mine[f"machine.{what}"] for what in ("sgemm_gflops", "read_gb_per_s", "two_threads"))) if "machine.sgemm_gflops" in mine else {}
    lines = ["| what | Motet | peer | | ratio | wanted | | bound here |", "|---|---:|---:|---|---:|---:|---|---:|"]
    for figure, about, name, wanted in ROWS:
        if figure not in mine:
            continue
        peer, peer_name = compared(figure, name, wanted, others)
        ratio = mine[figure] / peer if peer else None
        value = ratio if wanted[2] else mine[figure]
        verdict = "" if value is None else "met" if (value <= wanted[1] if wanted[0] == "<=" else value >= wanted[1]) else "missed"
        lines.append(f"| {about} | {number(mine[figure])} | {number(peer)} | {peer_name} | {number(ratio)} | {wanted[0]} {wanted[1]}{wanted[2]} | {verdict} "
                     f"| {number(limit.get(figure))} |")
    return "\n".join(lines)


def prepare():
    command = [sys.executable, HERE / "peers/prepare.py"]
    if not all((measure.home() / f".{name}").exists() for name in ("environment", "moonshine", "minilm", "llama", "llama-vulkan")):
        subprocess.run([*command, "--llama", "--llama-vulkan"], check=True)


def medians(answers):
    return {name: statistics.median(a[name] for a in answers if name in a) for name in {n for a in answers for n in a}}


def measure_all(motet, work, rounds, with_peers):
    mine, others, reasons = [], {}, {}
    for turn in range(rounds):
        for name, commands in work:
            print(f"round {turn + 1} of {rounds}: {name}", file=sys.stderr)
            try:
                mine.append(getattr(motet, name)())
                print(f"  motet: {json.dumps(mine[-1])}", file=sys.stderr)
            except (Failed, KeyError, StopIteration) as error:
                reasons[f"motet {name}"] = str(error) or type(error).__name__
            for command in commands if with_peers else []:
                answer = peers.one(command)
                print(f"  {json.dumps(answer)}", file=sys.stderr)
                if "figures" in answer:
                    others.setdefault(answer["peer"], []).append(answer["figures"])
                else:
                    reasons[command] = answer["error"]
    return medians(mine), {peer: medians(answers) for peer, answers in others.items()}, reasons


def processor():
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown processor")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--only", default="", help="a part of the name: " + ", ".join(name for name, _ in WORK))
    arguments.add_argument("--no-peers", action="store_true")
    arguments.add_argument("--build", type=Path, default=ROOT / "build/release")
    arguments.add_argument("--out", type=Path, help="folder for bench.md and bench.json; the build's own where absent")
    given = arguments.parse_args()
    build = given.build.resolve()
    subprocess.run(["cmake", "--build", build, "--target", "motet", "motet_plugins", "bench_engine", "bench_products"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([sys.executable, ROOT / "tools/models/get.py", "moonshine-tiny", "minilm", "smollm2"], check=True, stdout=subprocess.DEVNULL)
    if not given.no_peers:
        prepare()
    work = [(name, commands) for name, commands in WORK if given.only in name]
    if not work:
        sys.exit(f"nothing is called {given.only}")
    with tempfile.TemporaryDirectory() as scratch:
        mine, others, reasons = measure_all(Motet(build, Path(scratch)), work, given.rounds, not given.no_peers)
    text = f"{processor()}, {measure.THREADS} threads, medians of {given.rounds} rounds, load {os.getloadavg()[0]:.1f}\n\n{table(mine, others)}\n"
    text += "".join(f"\n{command}: {reason}" for command, reason in reasons.items()) + ("\n" if reasons else "")
    out = given.out or build / "bench"
    out.mkdir(parents=True, exist_ok=True)
    (out / "bench.md").write_text(text)
    (out / "bench.json").write_text(json.dumps({"motet": mine, "peers": others, "not_run": reasons}, indent=2) + "\n")
    print(text)
    sys.exit(1 if any(name.startswith("motet") for name in reasons) else 0)


if __name__ == "__main__":
    main()
