"""Goldens of `chat`: greedy tokens of SmolLM2 in float32 arithmetic on the file's dequantised weights.

    python make_chat.py [FOLDER OF smollm2]

Prompts go through the chat template in the GGUF. `float32_against_float64` is how far the reference's own logits are from the same
arithmetic in float64 on the same tokens: a margin below a few times that would be a tie. The prompts were chosen so that none is.
"""
import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

import models

NEW_TOKENS = 64
PROMPTS = [
    ("gravity", None, "What is gravity?"),
    ("sky", None, "Why is the sky blue?"),
    ("france", None, "What is the capital of France?"),
    ("bicycle", None, "Explain how a bicycle works."),
    ("dragon", None, "Tell me a story about a dragon and a child."),
    ("plants", None, "How do plants make food?"),
    ("cat", None, "Describe a cat in one sentence."),
    ("pancakes", None, "Give me a recipe for pancakes."),
    ("learning", None, "What is machine learning?"),
    ("rainbow", None, "Name a colour of the rainbow."),
    ("speech", None, "And so my fellow Americans ask not what your country can do for you, ask what you can do for your country."),
    ("system", "You are a pirate and answer as one.", "Who are you?"),
]


def load(home, dtype):
    (file,) = sorted(home.glob("*.gguf"))
    return AutoModelForCausalLM.from_pretrained(home, gguf_file=file.name, dtype=dtype, attn_implementation="eager").eval(), file.name


def answer(model, tokenizer, name, system, user):
    messages = ([{"role": "system", "content": system}] if system else []) + [{"role": "user", "content": user}]
    prompt = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
    ids = tokenizer(prompt, add_special_tokens=False)["input_ids"]
    assert tokenizer.decode(ids) == prompt
    with torch.no_grad():
        out = model.generate(torch.tensor([ids]), attention_mask=torch.ones(1, len(ids), dtype=torch.long), max_new_tokens=NEW_TOKENS,
                             do_sample=False, num_beams=1, output_logits=True, return_dict_in_generate=True)
    new = out.sequences[0, len(ids):].tolist()
    end = model.generation_config.eos_token_id
    margins = [models.margin(step[0]) for step in out.logits]
    entry = {"name": name, "system": system, "user": user, "prompt": prompt, "prompt_ids": ids, "tokens": [i for i in new if i != end],
             "ended": new[-1] == end, "text": tokenizer.decode(new, skip_special_tokens=True), "min_margin": min(margins), "margins": margins}
    return entry, ids + new, torch.stack([step[0] for step in out.logits])


def main():
    models.one_thread()
    home = models.folder("smollm2", sys.argv[1] if len(sys.argv) > 1 else None)
    model, file = load(home, torch.float32)
    tokenizer = AutoTokenizer.from_pretrained(home, gguf_file=file)
    answers = [answer(model, tokenizer, *prompt) for prompt in PROMPTS]
    del model
    double, _ = load(home, torch.float64)
    entries, first = [], []
    for entry, ids, logits in answers:
        with torch.no_grad():
            exact = double(torch.tensor([ids[:-1]])).logits[0, len(entry["prompt_ids"]) - 1:]
        error = float((logits.double() - exact).abs().max())
        entries.append({**entry, "float32_against_float64": error})
        first.append(logits[0])
        print(f"{entry['name']}: {len(ids) - len(entry['prompt_ids'])} tokens, margin {entry['min_margin']}, error {error:.2e}")
    models.save_npy("chat_first_logits.npy", torch.stack(first)[:, ::48].numpy())
    models.save_json("chat.json", {
        "generate": {"dtype": "float32", "weights": "dequantised from the GGUF", "do_sample": False, "num_beams": 1, "max_new_tokens": NEW_TOKENS},
        "template": tokenizer.chat_template, "end": 2, "prompts": entries,
        "first_logits": {"file": "chat_first_logits.npy", "layout": "f32 [prompts, 1024]: logits after the prompt, of tokens 0, 48, 96, ..."}})


if __name__ == "__main__":
    main()
