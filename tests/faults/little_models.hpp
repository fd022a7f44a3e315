// A speech model and a chat model of a few hundred numbers, in the files that pipelines/transcribe and pipelines/chat
// take: their words mean nothing, but all of the way is gone.
#pragma once

#include <filesystem>

namespace motet::test {

// A Moonshine folder in the Hugging Face layout (config.json, model.safetensors, tokenizer.json).
void write_speech_model(const std::filesystem::path& folder);
// A Llama as a GGUF file, with its tokenizer and chat template.
void write_chat_model(const std::filesystem::path& file);
// A tenth of a second of sound, as WAV at half the rate that the speech model hears.
void write_recording(const std::filesystem::path& file);

}  // namespace motet::test
