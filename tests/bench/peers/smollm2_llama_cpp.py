"""SmolLM2 by llama.cpp: a prompt of 128 tokens and 64 decoded ones, as its own bench does (pp128, tg64).

With --vulkan all layers run on the Vulkan device and 8 tokens are decoded; it needs the build of `prepare.py --llama-vulkan`.
"""
import ctypes
import os
import statistics
import sys
import time

import measure

VULKAN = "--vulkan" in sys.argv[1:]
if VULKAN:  # that build lies beside the other
    sys.path.insert(0, str(measure.home() / "llama-vulkan"))
    os.environ.setdefault("GGML_VK_VISIBLE_DEVICES", "0")  # a software driver is left out unless it is named
import llama_cpp  # noqa: E402

PROMPT = 128
NEW, ROUNDS = (8, 1) if VULKAN else (64, 5)


def decode(context, tokens):
    array = (llama_cpp.llama_token * len(tokens))(*tokens)
    if llama_cpp.llama_decode(context, llama_cpp.llama_batch_get_one(array, len(tokens))):
        sys.exit("llama_decode failed")


def timed(context, batches):
    """Seconds to decode the batches one after another in an empty context."""
    llama_cpp.llama_memory_clear(llama_cpp.llama_get_memory(context), True)
    start = time.perf_counter()
    for tokens in batches:
        decode(context, tokens)
        llama_cpp.llama_synchronize(context)
    return time.perf_counter() - start


def context_of(file):
    of_model = llama_cpp.llama_model_default_params()
    of_model.n_gpu_layers = 99 if VULKAN else 0
    model = llama_cpp.llama_model_load_from_file(str(file).encode(), of_model)
    of_context = llama_cpp.llama_context_default_params()
    of_context.n_ctx, of_context.n_batch, of_context.n_ubatch = 512, 512, 512
    of_context.n_threads = of_context.n_threads_batch = measure.THREADS
    return llama_cpp.llama_init_from_model(model, of_context)


def main():
    silent = llama_cpp.llama_log_callback(lambda *_: None)
    llama_cpp.llama_log_set(silent, ctypes.c_void_p(0))
    llama_cpp.llama_backend_init()
    if VULKAN and not llama_cpp.llama_supports_gpu_offload():
        sys.exit("this llama.cpp was built without Vulkan, or finds no device")
    (file,) = measure.model("smollm2").glob("*.gguf")
    context = context_of(file)
    prompt = [[(i * 7919) % 40000 + 100 for i in range(PROMPT)]]
    single = [[(i * 104729) % 40000 + 100] for i in range(NEW)]
    timed(context, prompt), timed(context, single[:4])
    prompts = [timed(context, prompt) for _ in range(ROUNDS)]
    singles = [timed(context, single) for _ in range(ROUNDS)]
    where = "smollm2.vulkan" if VULKAN else "smollm2"
    measure.say(f"llama.cpp (llama-cpp-python {llama_cpp.__version__})", {
        f"{where}.pp{PROMPT}_tokens_per_s": PROMPT / statistics.median(prompts), f"{where}.tg{NEW}_tokens_per_s": NEW / statistics.median(singles),
        f"{where}.peak_mb": measure.peak_mb()})


if __name__ == "__main__":
    main()
