#include "gguf_file.hpp"

#include <cstring>
#include <fstream>
#include <stdexcept>

namespace motet::tests {
namespace {

enum Type : std::uint32_t { kUint32 = 4, kInt32 = 5, kFloat32 = 6, kBool = 7, kString = 8, kArray = 9 };

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  template <class T>
  T number() {
    T value{};
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }
  std::string_view string() { return take(number<std::uint64_t>()); }

  void value(std::uint32_t type, const std::string& key, tokenizer::GgufVocabulary& out) {
    if (type == kArray) {
      const auto item = number<std::uint32_t>();
      const auto count = number<std::uint64_t>();
      for (std::uint64_t i = 0; i < count; ++i) scalar(item, key, out);
    } else {
      scalar(type, key, out);
    }
  }

 private:
  std::string_view take(std::uint64_t size) {
    if (size > bytes_.size()) throw std::runtime_error("the GGUF file ends early");
    const std::string_view taken = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return taken;
  }

  void scalar(std::uint32_t type, const std::string& key, tokenizer::GgufVocabulary& out) {
    const std::string name = key.starts_with("tokenizer.ggml.") ? key.substr(15) : "";
    if (type == kString) {
      const std::string_view text = string();
      if (name == "model") out.model = text;
      if (name == "pre") out.pre = text;
      if (name == "tokens") out.tokens.push_back(text);
      if (name == "merges") out.merges.push_back(text);
    } else if (type == kUint32) {
      const auto id = number<std::uint32_t>();
      if (name == "bos_token_id") out.bos = id;
      if (name == "eos_token_id") out.eos = id;
      if (name == "unknown_token_id") out.unknown = id;
    } else if (type == kInt32) {
      const auto number_read = number<std::int32_t>();
      if (name == "token_type") out.token_types.push_back(number_read);
    } else if (type == kFloat32) {
      const auto score = number<float>();
      if (name == "scores") out.scores.push_back(score);
    } else if (type == kBool) {
      const bool flag = number<std::uint8_t>() != 0;
      if (name == "add_bos_token") out.add_bos = flag;
      if (name == "add_eos_token") out.add_eos = flag;
      if (name == "add_space_prefix") out.add_space_prefix = flag;
    } else {
      constexpr int kSizes[] = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};
      take(kSizes[type]);
    }
  }

  std::string_view bytes_;
};

}  // namespace

GgufFile read_gguf(const std::filesystem::path& path) {
  GgufFile file;
  std::ifstream in(path, std::ios::binary);
  // The tokenizer lies in front of the weights; 16 MiB hold it.
  file.bytes = std::make_unique<std::string>(std::size_t{16} << 20, '\0');
  in.read(file.bytes->data(), static_cast<std::streamsize>(file.bytes->size()));
  file.bytes->resize(static_cast<std::size_t>(in.gcount()));
  Reader reader(*file.bytes);
  reader.number<std::uint32_t>();  // magic
  reader.number<std::uint32_t>();  // version
  reader.number<std::uint64_t>();  // tensors
  const auto entries = reader.number<std::uint64_t>();
  for (std::uint64_t i = 0; i < entries; ++i) {
    const std::string key(reader.string());
    const auto type = reader.number<std::uint32_t>();
    reader.value(type, key, file.vocabulary);
  }
  return file;
}

}  // namespace motet::tests
