// Little weights files, written byte by byte so that tests can break them anywhere.
#pragma once

#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace little {

namespace fs = std::filesystem;

inline fs::path scratch() {
  const fs::path folder = fs::path(MOTET_BINARY_DIR) / "tests" / ("weights_scratch_" + std::to_string(::getpid()));
  fs::create_directories(folder);
  return folder;
}

inline fs::path write(const std::string& name, const std::string& bytes) {
  const fs::path path = scratch() / name;
  fs::create_directories(path.parent_path());
  fs::remove(
      path);  // some file systems write to disk at once what replaces a file's content, and tests write thousands
  std::ofstream(path, std::ios::binary) << bytes;
  return path;
}

template <class T>
std::string raw(T value) {
  std::string out(sizeof(T), '\0');
  std::memcpy(out.data(), &value, sizeof(T));
  return out;
}

template <class T>
std::string raws(const std::vector<T>& values) {
  std::string out;
  for (T value : values) out += raw(value);
  return out;
}

inline std::string safetensors(const std::string& header, const std::string& data) {
  return raw(static_cast<std::uint64_t>(header.size())) + header + data;
}

// The header padded as writers do, so that the data is aligned.
inline std::string padded(std::string header) {
  while (header.size() % 8 != 0) header += ' ';
  return header;
}

inline std::string text(std::string_view s) { return raw(static_cast<std::uint64_t>(s.size())).append(s); }

// A GGUF file in parts.
struct Gguf {
  std::uint32_t version = 3;
  std::vector<std::string> entries;  // key, type, value
  std::vector<std::string> infos;    // name, rank, sizes, type, offset
  std::string data;
  std::uint64_t alignment = 32;

  template <class T>
  void add(std::string_view key, std::uint32_t type, T value) {
    entries.push_back(text(key) + raw(type) + raw(value));
  }
  void add_text(std::string_view key, std::string_view value) {
    entries.push_back(text(key) + raw(std::uint32_t{8}) + text(value));
  }
  void add_list(std::string_view key, std::uint32_t element, std::uint64_t count, const std::string& values) {
    entries.push_back(text(key) + raw(std::uint32_t{9}) + raw(element) + raw(count) + values);
  }
  // `sizes` as the file has them: innermost first.
  void tensor(std::string_view name, const std::vector<std::uint64_t>& sizes, std::uint32_t type,
              std::uint64_t offset) {
    infos.push_back(text(name) + raw(static_cast<std::uint32_t>(sizes.size())) + raws(sizes) + raw(type) + raw(offset));
  }
  std::string bytes() const {
    std::string out = "GGUF" + raw(version) + raw(static_cast<std::uint64_t>(infos.size())) +
                      raw(static_cast<std::uint64_t>(entries.size()));
    for (const std::string& entry : entries) out += entry;
    for (const std::string& info : infos) out += info;
    if (infos.empty()) return out;
    while (out.size() % alignment != 0) out += '\0';
    return out + data;
  }
};

// One of each: scalars of several types, lists, and tensors of a plain and a quantised type.
inline Gguf small_gguf() {
  Gguf g;
  g.add_text("general.architecture", "llama");
  g.add("llama.block_count", 4, std::uint32_t{2});
  g.add("llama.rope.freq_base", 6, 10000.5f);
  g.add("llama.tied", 7, std::uint8_t{1});
  g.add("big", 10, std::uint64_t{1} << 40);
  g.add("negative", 5, std::int32_t{-5});
  g.add_list("tokens", 8, 3, text("a") + text("") + text("\xC4\xA0z"));
  g.add_list("scores", 6, 2, raw(0.5f) + raw(-1.0f));
  g.add_list("types", 5, 2, raw(std::int32_t{1}) + raw(std::int32_t{-2}));
  g.tensor("plain", {3, 2}, 0, 0);
  g.tensor("blocks", {32, 2}, 3, 32);  // Q4_1
  g.data = raws<float>({1, 2, 3, 4, 5, 6});
  g.data.resize(32, '\0');
  g.data += std::string(40, '\x11');
  return g;
}

}  // namespace little
