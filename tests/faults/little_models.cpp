#include "faults/little_models.hpp"

#include <cmath>
#include <cstdint>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "core/weights/little_files.hpp"

namespace motet::test {
namespace {

using little::raw;

struct Weight {
  std::string name;
  std::vector<std::uint64_t> shape;  // outermost first
};

void write(const std::filesystem::path& file, const std::string& bytes) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << bytes;
}

std::string numbers(const std::vector<std::uint64_t>& shape, std::mt19937& random) {
  std::uint64_t count = 1;
  for (std::uint64_t size : shape) count *= size;
  std::string out;
  // Not std::uniform_real_distribution, whose numbers are each library's own.
  for (std::uint64_t i = 0; i < count; ++i) out += raw(static_cast<float>(random() % 2001) / 1000.0f - 1.0f);
  return out;
}

std::string safetensors(const std::vector<Weight>& weights) {
  std::mt19937 random(4);
  std::string header, data;
  for (const Weight& weight : weights) {
    std::string shape;
    for (std::uint64_t size : weight.shape) shape += (shape.empty() ? "" : ",") + std::to_string(size);
    const std::string bytes = numbers(weight.shape, random);
    header += (header.empty() ? "{\"" : ",\"") + weight.name + R"(":{"dtype":"F32","shape":[)" + shape +
              R"(],"data_offsets":[)" + std::to_string(data.size()) + "," + std::to_string(data.size() + bytes.size()) +
              "]}";
    data += bytes;
  }
  return little::safetensors(little::padded(header + "}"), data);
}

constexpr std::uint64_t kWidth = 8, kInner = 12, kWords = 14;

void add_attention(std::vector<Weight>& weights, const std::string& before) {
  for (const char* part : {"q_proj", "k_proj", "v_proj", "o_proj"})
    weights.push_back({before + part + ".weight", {kWidth, kWidth}});
}

// The last ones of them are bytes that make up no text of their own.
const std::vector<std::string> kVocabulary = {"<unk>", "<s>", "</s>", "▁",  "a",  "b",      "c",
                                              "d",     "e",   "▁a",   "bc", "de", "<0xC3>", "<0xA9>"};
}  // namespace

void write_speech_model(const std::filesystem::path& folder) {
  std::vector<Weight> weights;
  const std::string ears = "model.encoder.", mouth = "model.decoder.", first = "layers.0.";
  weights.push_back({ears + "conv1.weight", {kWidth, 1, 127}});
  weights.push_back({ears + "groupnorm.weight", {kWidth}});
  weights.push_back({ears + "groupnorm.bias", {kWidth}});
  weights.push_back({ears + "conv2.weight", {2 * kWidth, kWidth, 7}});
  weights.push_back({ears + "conv2.bias", {2 * kWidth}});
  weights.push_back({ears + "conv3.weight", {kWidth, 2 * kWidth, 3}});
  weights.push_back({ears + "conv3.bias", {kWidth}});
  for (const std::string& half : {ears, mouth}) {
    add_attention(weights, half + first + "self_attn.");
    weights.push_back({half + first + "input_layernorm.weight", {kWidth}});
    weights.push_back({half + first + "post_attention_layernorm.weight", {kWidth}});
    const std::uint64_t gates = half == mouth ? 2 : 1;
    weights.push_back({half + first + "mlp.fc1.weight", {gates * kInner, kWidth}});
    weights.push_back({half + first + "mlp.fc1.bias", {gates * kInner}});
    weights.push_back({half + first + "mlp.fc2.weight", {kWidth, kInner}});
    weights.push_back({half + first + "mlp.fc2.bias", {kWidth}});
  }
  weights.push_back({ears + "layer_norm.weight", {kWidth}});
  add_attention(weights, mouth + first + "encoder_attn.");
  weights.push_back({mouth + first + "final_layernorm.weight", {kWidth}});
  weights.push_back({mouth + "norm.weight", {kWidth}});
  weights.push_back({mouth + "embed_tokens.weight", {kWords, kWidth}});
  write(folder / "model.safetensors", safetensors(weights));
  write(folder / "config.json", R"({
    "model_type": "moonshine", "hidden_size": 8, "intermediate_size": 12, "max_position_embeddings": 10,
    "encoder_num_hidden_layers": 1, "decoder_num_hidden_layers": 1, "encoder_num_attention_heads": 2,
    "decoder_num_attention_heads": 2, "encoder_hidden_act": "gelu", "decoder_hidden_act": "silu",
    "attention_bias": false, "partial_rotary_factor": 0.5, "tie_word_embeddings": true,
    "eos_token_id": 2, "decoder_start_token_id": 1})");
  std::string words;
  for (std::size_t id = 0; id < kVocabulary.size(); ++id)
    words += (id == 0 ? "\"" : ", \"") + kVocabulary[id] + "\": " + std::to_string(id);
  write(folder / "tokenizer.json", R"({
    "version": "1.0",
    "added_tokens": [{"id": 0, "content": "<unk>", "special": true}, {"id": 1, "content": "<s>", "special": true},
                     {"id": 2, "content": "</s>", "special": true}],
    "normalizer": {"type": "Sequence", "normalizers": [
      {"type": "NFC"}, {"type": "Prepend", "prepend": "▁"},
      {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]},
    "pre_tokenizer": null,
    "post_processor": {"type": "TemplateProcessing",
      "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
      "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
      "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}}},
    "decoder": {"type": "Sequence", "decoders": [
      {"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"},
      {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
    "model": {"type": "BPE", "unk_token": "<unk>", "fuse_unk": true, "byte_fallback": true,
      "vocab": {)" + words + R"(}, "merges": [["▁", "a"], ["b", "c"], ["d", "e"]]}})");
}

void write_chat_model(const std::filesystem::path& file) {
  std::vector<Weight> weights = {{"token_embd.weight", {kWords, kWidth}}, {"output_norm.weight", {kWidth}}};
  for (const char* part : {"q", "k", "v", "output"})
    weights.push_back({std::string("blk.0.attn_") + part + ".weight", {kWidth, kWidth}});
  weights.push_back({"blk.0.attn_norm.weight", {kWidth}});
  weights.push_back({"blk.0.ffn_norm.weight", {kWidth}});
  weights.push_back({"blk.0.ffn_gate.weight", {kInner, kWidth}});
  weights.push_back({"blk.0.ffn_up.weight", {kInner, kWidth}});
  weights.push_back({"blk.0.ffn_down.weight", {kWidth, kInner}});

  little::Gguf gguf;
  gguf.add_text("general.architecture", "llama");
  const auto number = [&](const std::string& key, std::uint32_t value) { gguf.add(key, 4, value); };
  number("llama.block_count", 1);
  number("llama.embedding_length", kWidth);
  number("llama.attention.head_count", 2);
  number("llama.attention.head_count_kv", 1);
  number("llama.attention.key_length", 4);
  number("llama.feed_forward_length", kInner);
  number("llama.rope.dimension_count", 4);
  number("llama.context_length", 64);
  gguf.add("llama.attention.layer_norm_rms_epsilon", 6, 1e-5f);
  weights[3].shape = weights[4].shape = {4, kWidth};  // one head of keys and values
  gguf.add_text("tokenizer.ggml.model", "gpt2");
  gguf.add_text("tokenizer.ggml.pre", "qwen2");  // whose words ICU's regular expressions find
  const std::vector<std::string> words = {"<s>", "</s>", "a", "b", "c", "d", "e", "Ġ", "Ġa", "bc", ":", "Ċ", "Ã", "©"};
  std::string texts, types;
  for (const std::string& word : words) {
    texts += little::text(word);
    types += raw(std::int32_t{word.front() == '<' ? 3 : 1});
  }
  gguf.add_list("tokenizer.ggml.tokens", 8, words.size(), texts);
  gguf.add_list("tokenizer.ggml.token_type", 5, words.size(), types);
  gguf.add_list("tokenizer.ggml.merges", 8, 2, little::text("Ġ a") + little::text("b c"));
  number("tokenizer.ggml.bos_token_id", 0);
  number("tokenizer.ggml.eos_token_id", 1);
  gguf.add_text(
      "tokenizer.chat_template",
      "{{ bos_token }}{% for message in messages %}{% if message.role == 'user' %}{{ message.content | trim }}"
      "{% endif %}{% endfor %}{% if add_generation_prompt %}:\n{% endif %}");

  std::mt19937 random(5);
  for (const Weight& weight : weights) {
    gguf.data.resize((gguf.data.size() + 31) / 32 * 32, '\0');
    gguf.tensor(weight.name, {weight.shape.rbegin(), weight.shape.rend()}, 0, gguf.data.size());
    gguf.data += numbers(weight.shape, random);
  }
  write(file, gguf.bytes());
}

void write_recording(const std::filesystem::path& file) {
  constexpr std::uint32_t kRate = 8000, kFrames = 800;
  std::string samples;
  for (std::uint32_t i = 0; i < kFrames; ++i)
    samples += raw(static_cast<std::int16_t>(9000 * std::sin(0.05 * i) + 4000 * std::sin(0.31 * i)));
  const auto size = static_cast<std::uint32_t>(samples.size());
  write(file, "RIFF" + raw(36 + size) + "WAVEfmt " + raw(std::uint32_t{16}) + raw(std::uint16_t{1}) +
                  raw(std::uint16_t{1}) + raw(kRate) + raw(2 * kRate) + raw(std::uint16_t{2}) + raw(std::uint16_t{16}) +
                  "data" + raw(size) + samples);
}

}  // namespace motet::test
