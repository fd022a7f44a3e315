"""Goldens of `transcribe`: tokens, margins, the encoder's output, stages within it, and logits of a 40 s recording.

    python make_transcribe.py [FOLDER OF moonshine-tiny] [--recordings DIR]

With --recordings it only writes the derived recordings as WAV files into DIR.
"""
import argparse

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import MoonshineForConditionalGeneration

import models
import recordings

MAX_LENGTH = 194  # the start token counts
STEPS = 64
STRIDE = 32  # of a step's logits every 32nd is kept, another phase each step


def seconds(first, last, **more):
    return {"source": [round(first * recordings.RATE), round(last * recordings.RATE)], **more}


def silence(length):
    return {"silence": round(length * recordings.RATE)}


RECIPES = [
    {"name": "first-half", "about": "cut inside the speech", "parts": [seconds(0, 5.2)]},
    {"name": "swapped", "about": "second half before the first", "parts": [seconds(5.2, 11), seconds(0, 5.2)]},
    {"name": "twice", "about": "22 s", "parts": [seconds(0, 11), seconds(0, 11)]},
    {"name": "noisy", "about": "noise that changes what is heard", "parts": [seconds(0, 11, noise=40, seed=2)]},
    {"name": "quiet", "about": "an eighth as loud", "parts": [seconds(0, 11, gain=32)]},
    {"name": "loud", "about": "4.7 times as loud, clipped", "parts": [seconds(0, 11, gain=1200)]},
    {"name": "three", "about": "joined, the middle at half loudness", "parts": [seconds(0, 4.5), seconds(0, 4.5, gain=128), seconds(5.2, 11)]},
    {"name": "silence", "about": "3 s of zeros", "parts": [silence(3)]},
    {"name": "short", "about": "0.3 s", "parts": [seconds(0.3, 0.6)]},
    {"name": "forty", "about": "40 s", "parts": [seconds(0, 11), seconds(0, 11), seconds(0, 11), seconds(0, 7)]},
    {"name": "limit", "about": "99 s: runs into the length limit and ends without the end token", "parts": [seconds(0, 11, gain=200)] * 9},
]


def generate(model, samples):
    """Greedy ids with the start token (and the end token, if it came), and the logits f32 [V] of each step."""
    with torch.no_grad():
        out = model.generate(torch.from_numpy(recordings.as_float(samples))[None], do_sample=False, num_beams=1,
                             max_length=MAX_LENGTH, output_logits=True, return_dict_in_generate=True)
    return out.sequences[0].tolist(), [step[0] for step in out.logits]


def transcript(tokenizer, ids, logits, end):
    text_ids = [i for i in ids[1:] if i != end]
    margins = [models.margin(step) for step in logits]
    return {"tokens": text_ids, "ended": ids[-1] == end, "text": tokenizer.decode(text_ids), "min_margin": min(margins), "margins": margins}


def summary(x):
    """x [T, C] -> mean, deviation and the first eight channels at a few positions."""
    x = x.double()
    last = x.shape[0] - 1
    at = sorted({0, 1, last // 2, last})
    return {"shape": list(x.shape), "mean": float(x.mean()), "std": float(x.std(correction=0)),
            "at": at, "values": [[float(np.float32(v)) for v in x[t, :8]] for t in at]}


def stages(model, samples, ids):
    """Every stage of the encoder and, fed with the reference's own tokens, of the decoder; time first, channels second."""
    taken, hooks = {}, []

    def take(module, name, view=lambda y: y):
        def keep(_module, _inputs, output):
            taken[name] = summary(view(output[0] if isinstance(output, tuple) else output)[0])
        hooks.append(module.register_forward_hook(keep))

    encoder, decoder = model.model.encoder, model.model.decoder
    time_first = lambda y: y.transpose(1, 2)  # noqa: E731
    gelu = lambda y: torch.nn.functional.gelu(time_first(y))  # noqa: E731
    take(encoder.conv1, "encoder.conv1 (before tanh)", time_first)
    take(encoder.groupnorm, "encoder.groupnorm (of tanh)", time_first)
    take(encoder.conv2, "encoder.conv2 (after gelu)", gelu)
    take(encoder.conv3, "encoder.conv3 (after gelu)", gelu)
    for i, layer in enumerate(encoder.layers):
        take(layer.self_attn, f"encoder.layers.{i}.self_attn (before the residual)")
        take(layer, f"encoder.layers.{i}")
    take(encoder.layer_norm, "encoder.layer_norm")
    take(decoder.embed_tokens, "decoder.embed_tokens")
    for i, layer in enumerate(decoder.layers):
        take(layer.self_attn, f"decoder.layers.{i}.self_attn (before the residual)")
        take(layer.encoder_attn, f"decoder.layers.{i}.encoder_attn (before the residual)")
        take(layer, f"decoder.layers.{i}")
    take(decoder.norm, "decoder.norm")
    take(model.proj_out, "logits")
    with torch.no_grad():
        model(input_values=torch.from_numpy(recordings.as_float(samples))[None], decoder_input_ids=torch.tensor([ids[:-1]]))
    for hook in hooks:
        hook.remove()
    return [{"stage": name, **values} for name, values in taken.items()]


def encode(model, samples):
    with torch.no_grad():
        return model.model.encoder(torch.from_numpy(recordings.as_float(samples))[None]).last_hidden_state[0]


def float64_error(model, samples, ids, logits):
    """How far the reference's float32 logits are from the same arithmetic in float64, over the kept steps."""
    double = MoonshineForConditionalGeneration.from_pretrained(model.name_or_path, dtype=torch.float64, attn_implementation="eager").eval()
    with torch.no_grad():
        exact = double(input_values=torch.from_numpy(recordings.as_float(samples)).double()[None], decoder_input_ids=torch.tensor([ids[:STEPS]])).logits[0]
    return float((torch.stack(logits[:STEPS]).double() - exact).abs().max())


def keep_logits(model, samples, ids, logits):
    """A fixed subset of each step's logits, with figures of the whole row."""
    rows = torch.stack(logits[:STEPS])
    kept = torch.stack([rows[s, s % STRIDE::STRIDE] for s in range(STEPS)])
    models.save_npy("forty_logits.npy", kept.numpy())
    models.save_json("forty_logits.json", {
        "recording": "forty", "stride": STRIDE, "layout": "forty_logits.npy f32 [steps, vocabulary / stride]: column k of step s is the logit of token s % stride + k * stride",
        "float32_against_float64": float64_error(model, samples, ids, logits),
        "steps": [{"step": s, "input": ids[s], "argmax": int(row.argmax()), "max": float(row.max()), "min": float(row.min()),
                   "mean": float(row.double().mean()), "logsumexp": float(row.double().logsumexp(-1))} for s, row in enumerate(rows)]})


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("model", nargs="?")
    arguments.add_argument("--recordings")
    given = arguments.parse_args()
    speech = recordings.read_wav(models.SPEECH)
    samples = {r["name"]: recordings.build(speech, r) for r in RECIPES}
    if given.recordings:
        for name, values in samples.items():
            recordings.write_wav(f"{given.recordings}/{name}.wav", values)
        return
    models.one_thread()
    home = models.folder("moonshine-tiny", given.model)
    model = MoonshineForConditionalGeneration.from_pretrained(home, dtype=torch.float32, attn_implementation="eager").eval()
    tokenizer = Tokenizer.from_file(str(home / "tokenizer.json"))
    end = model.generation_config.eos_token_id

    ids, logits = generate(model, speech.astype(np.int16))
    jfk = transcript(tokenizer, ids, logits, end)
    assert jfk["text"] == "And so my fellow Americans ask not what your country can do for you, ask what you can do for your country."
    memory = encode(model, speech)
    models.save_npy("jfk_encoder.npy", memory.numpy())
    models.save_json("transcribe_stages.json", {"recording": "jfk", "decoder_input": ids[:-1], "stages": stages(model, speech, ids)})

    entries = []
    for recipe in RECIPES:
        values = samples[recipe["name"]]
        found, steps = generate(model, values)
        entries.append({**recipe, "samples": len(values), "checksum": recordings.checksum(values), **transcript(tokenizer, found, steps, end)})
        if recipe["name"] == "forty":
            keep_logits(model, values, found, steps)
            models.save_npy("forty_encoder.npy", encode(model, values)[::16].numpy())
        if recipe["name"] == "short":
            models.save_npy("short_encoder.npy", encode(model, values).numpy())
    models.save_json("transcribe.json", {
        "generate": {"dtype": "float32", "do_sample": False, "num_beams": 1, "max_length": MAX_LENGTH, "attention": "eager"},
        "start": ids[0], "end": end, "jfk": {"samples": len(speech), "checksum": recordings.checksum(speech), **jfk}, "recordings": entries})


if __name__ == "__main__":
    main()
