"""Moonshine's encoder and decode step by torch (transformers)."""
import torch
import transformers

import measure


def main():
    torch.set_num_threads(measure.THREADS)
    model = transformers.MoonshineForConditionalGeneration.from_pretrained(measure.model("moonshine-tiny"), dtype=torch.float32).eval()
    audio = torch.from_numpy(measure.speech())
    with torch.inference_mode():
        out = model.generate(audio, do_sample=False, max_length=194, return_dict_in_generate=True)
        memory = model.model.encoder(audio)
        cache, token = out.past_key_values, out.sequences[:, -2:-1]

        def step():
            model(decoder_input_ids=token, encoder_outputs=memory, past_key_values=cache, use_cache=True)
            cache.crop(-1)  # so that every call is the same step

        figures = {"moonshine.encoder_ms": measure.median_s(lambda: model.model.encoder(audio)) * 1e3, "moonshine.step_ms": measure.median_s(step) * 1e3}
    measure.say(f"torch {torch.__version__}", figures)


if __name__ == "__main__":
    main()
