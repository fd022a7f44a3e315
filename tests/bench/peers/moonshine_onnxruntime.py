"""Moonshine by onnxruntime on the ONNX files of its npm package.

    moonshine_onnxruntime.py whole     load, encode, decode to the end: milliseconds and memory (imports excluded from the time)
    moonshine_onnxruntime.py parts     encoder and decode step, medians
"""
import sys
import time

import numpy as np
import onnxruntime

import measure

FILES = measure.home() / "moonshine"
END, LIMIT = 2, 194


def load():
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = measure.THREADS, 1
    return [onnxruntime.InferenceSession(FILES / f"{name}.onnx", options, providers=["CPUExecutionProvider"])
            for name in ("encoder_model", "decoder_model_merged")]


def first_feed(decoder, memory):
    feed = {i.name: np.zeros((1, 8, 0, 36), np.float32) for i in decoder.get_inputs() if i.name.startswith("past")}
    return feed | {"input_ids": np.array([[1]], np.int64), "encoder_hidden_states": memory, "use_cache_branch": np.array([False])}


def next_feed(decoder, feed, outputs):
    """The cross-attention's keys and values come out of the first step only."""
    feed = dict(feed)
    for output, value in zip(decoder.get_outputs()[1:], outputs[1:]):
        if ".decoder." in output.name or not feed["use_cache_branch"][0]:
            feed[output.name.replace("present", "past_key_values")] = value
    feed["use_cache_branch"] = np.array([True])
    feed["input_ids"] = outputs[0][:, -1].argmax(-1)[None]
    return feed


def transcribe(encoder, decoder, audio):
    memory = encoder.run(None, {"input_values": audio})[0]
    feed, ids = first_feed(decoder, memory), [1]
    while ids[-1] != END and len(ids) < LIMIT:
        feed = next_feed(decoder, feed, decoder.run(None, feed))
        ids.append(int(feed["input_ids"][0, 0]))
    return ids, feed


def main():
    audio = measure.speech()
    start = time.perf_counter()
    encoder, decoder = load()
    ids, feed = transcribe(encoder, decoder, audio)
    whole = time.perf_counter() - start
    if len(ids) != 26:
        sys.exit(f"heard something else: {ids}")
    if sys.argv[1:] == ["parts"]:
        figures = {"moonshine.encoder_ms": measure.median_s(lambda: encoder.run(None, {"input_values": audio})) * 1e3,
                   "moonshine.step_ms": measure.median_s(lambda: decoder.run(None, feed)) * 1e3}
    else:
        figures = {"moonshine.whole_ms": whole * 1e3, "moonshine.peak_mb": measure.peak_mb()}
    measure.say(f"onnxruntime {onnxruntime.__version__}", figures)


if __name__ == "__main__":
    main()
