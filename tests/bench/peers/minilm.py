"""Sentence vectors, 32 sentences of 32 tokens at once:  minilm.py onnxruntime|openvino|torch"""
import sys

import measure

SENTENCES, TOKENS = 32, 32


def ids():
    import numpy as np
    drawn = np.random.default_rng(1).integers(1000, 30000, (SENTENCES, TOKENS), dtype=np.int64)
    drawn[:, 0], drawn[:, -1] = 101, 102
    return drawn


def by_onnxruntime():
    import onnxruntime
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = measure.THREADS
    session = onnxruntime.InferenceSession(measure.home() / "minilm.onnx", options, providers=["CPUExecutionProvider"])
    feed = {"ids": ids()}
    return f"onnxruntime {onnxruntime.__version__}", lambda: session.run(None, feed)[0]


def by_openvino():
    import openvino
    core = openvino.Core()
    model = core.read_model(measure.home() / "minilm.onnx")
    model.reshape([SENTENCES, TOKENS])
    compiled = core.compile_model(model, "CPU", {"INFERENCE_NUM_THREADS": measure.THREADS, "INFERENCE_PRECISION_HINT": "f32", "PERFORMANCE_HINT": "LATENCY"})
    request, feed = compiled.create_infer_request(), ids()
    return f"openvino {openvino.__version__.split('-')[0]}", lambda: request.infer([feed])[0]


def by_torch():
    import torch
    from sentence import Sentence
    torch.set_num_threads(measure.THREADS)
    model, feed = Sentence(measure.model("minilm")), torch.from_numpy(ids())

    def run():
        with torch.inference_mode():
            return model(feed).numpy()
    return f"torch {torch.__version__}", run


def main():
    peer, run = {"onnxruntime": by_onnxruntime, "openvino": by_openvino, "torch": by_torch}[sys.argv[1]]()
    first = run()[0]
    if abs(float((first * first).sum()) - 1) > 1e-4:
        sys.exit("not a vector of length one")
    measure.say(peer, {"minilm.sentences_per_s": SENTENCES / measure.median_s(run, seconds=4), "minilm.peak_mb": measure.peak_mb()})


if __name__ == "__main__":
    main()
