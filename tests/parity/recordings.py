"""Test recordings derived from jfk.wav by recipes, in integers only, so that every language makes the same samples.

A recording is a list of parts, joined. A part starts as 16-bit samples: `source` [from, to) of jfk.wav or `silence` (a count of zeros).
Then, in this order and in 32-bit integers with an arithmetic (rounding down) shift:
    gain:  s = (s * gain) >> 8                                        256 leaves it as it is
    noise: state = state * 1664525 + 1013904223 (mod 2^32)            one step a sample; the seed is the first state
           s = s + (((state >> 16) - 32768) * noise >> 8)
    clip:  s = min(max(s, -32768), 32767)
The model's input is s / 32768 as float32, which is exact.
"""
import wave
from pathlib import Path

import numpy as np

RATE = 16000


def read_wav(path):
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE), path
        return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").astype(np.int32)


def noise(count, seed):
    values = np.empty(count, dtype=np.int64)
    state = seed
    for i in range(count):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        values[i] = (state >> 16) - 32768
    return values


def part(source, recipe):
    samples = np.zeros(recipe["silence"], np.int64) if "silence" in recipe else source[slice(*recipe["source"])].astype(np.int64)
    samples = (samples * recipe.get("gain", 256)) >> 8
    if "noise" in recipe:
        samples = samples + ((noise(len(samples), recipe["seed"]) * recipe["noise"]) >> 8)
    return np.clip(samples, -32768, 32767).astype(np.int16)


def build(source, recipe):
    """Samples i16 [n] of one recording."""
    return np.concatenate([part(source, p) for p in recipe["parts"]])


def as_float(samples):
    return (samples.astype(np.float32) / np.float32(32768)).astype(np.float32)


def checksum(samples):
    """FNV-1a, 64 bits, over the little-endian bytes: lets a reader see that it built the same samples."""
    value = 0xCBF29CE484222325
    for byte in samples.astype("<i2").tobytes():
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return f"{value:016x}"


def write_wav(path, samples):
    with wave.open(str(Path(path)), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.astype("<i2").tobytes())
