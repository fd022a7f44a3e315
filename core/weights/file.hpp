// Tensors of a weights file by name: safetensors, a Hugging Face folder, or GGUF; memory-mapped, never copied as a
// whole.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tensor/dtype.hpp"
#include "tensor/shape.hpp"

namespace motet::base {
class MappedFile;
}

namespace motet::weights {

class Metadata;

// A tensor where it lies in the mapped file. Shape: row-major, outermost first whatever the format writes, so a linear
// layer is [out, in]. Bytes: little-endian, aligned to the element (a block's f16 scale for quantised types); they live
// as long as the File.
struct TensorView {
  std::string name;
  tensor::DType dtype = tensor::DType::none;
  tensor::Shape shape;
  std::span<const std::byte> bytes;
};

// A tensor as a reader found it. One that the file may rightly hold and that Motet cannot use (a quantisation of
// another kind, an element that is not aligned) has a problem, and only asking for it is an error.
struct Entry {
  TensorView view;
  std::string problem;  // "has the type Q6_K: what to do", empty where all is well
};

// What a reader hands to File.
struct Contents {
  std::string format;  // "safetensors" or "gguf"
  std::vector<Entry> entries;
  // Shared: a File and its Metadata may outlive each other.
  std::vector<std::shared_ptr<const base::MappedFile>> mappings;
  std::shared_ptr<const Metadata> metadata;  // GGUF only
};

// Immutable: any thread may read it.
class File {
 public:
  File(std::filesystem::path path, Contents contents);
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  // nullptr where there is no such tensor. Throws Error(user) where there is one that Motet cannot use.
  const TensorView* find(std::string_view name) const;
  // All tensors, in the file's order; a sharded folder's in the order of its shards.
  const std::vector<std::string>& names() const { return names_; }
  const std::filesystem::path& path() const { return path_; }
  const std::string& format() const { return contents_.format; }
  // GGUF's key-values; nullptr for safetensors.
  std::shared_ptr<const Metadata> metadata() const { return contents_.metadata; }

 private:
  std::filesystem::path path_;
  Contents contents_;
  std::vector<std::string> names_;
  std::unordered_map<std::string_view, std::size_t> index_;  // keys point into contents_
};

// `path`: a .safetensors or .gguf file, or a folder with model.safetensors, model.safetensors.index.json and its
// shards, or a single .gguf. Reads and checks the headers only. Throws Error(user), "path: what" and what to do, for
// whatever is missing or malformed. Shared: graphs and sessions hold one file together.
std::shared_ptr<const File> open(const std::filesystem::path& path);

}  // namespace motet::weights
