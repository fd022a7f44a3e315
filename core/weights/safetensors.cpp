#include "weights/safetensors.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/mapped_file.hpp"
#include "weights/layout.hpp"
#include "weights/safetensors_json.hpp"

namespace motet::weights {
namespace {

namespace fs = std::filesystem;
constexpr std::uint64_t kMostHeaderBytes = 100'000'000;  // the specification's own limit

struct NamedType {
  std::string_view name;
  tensor::DType dtype;  // none: the format knows it and Motet does not
  std::uint64_t bytes;
};
constexpr std::array kTypes = {
    NamedType{"F32", tensor::DType::f32, 4},      NamedType{"F16", tensor::DType::f16, 2},
    NamedType{"BF16", tensor::DType::bf16, 2},    NamedType{"I32", tensor::DType::i32, 4},
    NamedType{"I64", tensor::DType::i64, 8},      NamedType{"U8", tensor::DType::u8, 1},
    NamedType{"BOOL", tensor::DType::boolean, 1}, NamedType{"F64", tensor::DType::none, 8},
    NamedType{"I8", tensor::DType::none, 1},      NamedType{"I16", tensor::DType::none, 2},
    NamedType{"U16", tensor::DType::none, 2},     NamedType{"U32", tensor::DType::none, 4},
    NamedType{"U64", tensor::DType::none, 8},     NamedType{"F8_E4M3", tensor::DType::none, 1},
    NamedType{"F8_E5M2", tensor::DType::none, 1}, NamedType{"F8_E8M0", tensor::DType::none, 1},
    NamedType{"C64", tensor::DType::none, 8},
};

std::uint64_t read_u64(std::span<const std::byte> bytes) {
  std::uint64_t value = 0;
  for (int i = 7; i >= 0; --i) value = value << 8 | static_cast<std::uint64_t>(bytes[static_cast<std::size_t>(i)]);
  return value;
}

// The header's text; refuses a length that the file cannot have.
std::string_view header_of(const fs::path& path, std::span<const std::byte> bytes) {
  if (bytes.size() < 8) {
    refuse(path, "has " + std::to_string(bytes.size()) + " bytes, too few for safetensors", "get the file again");
  }
  const std::uint64_t length = read_u64(bytes.first(8));
  if (length > kMostHeaderBytes) {
    refuse(path,
           "its first 8 bytes give a header of " + std::to_string(length) + " bytes, more than safetensors allows",
           "it is damaged, or another format");
  }
  if (length > bytes.size() - 8) {
    refuse(path,
           "ends within its header (" + std::to_string(length) + " bytes, there are " +
               std::to_string(bytes.size() - 8) + ")",
           "it is cut off, get the file again");
  }
  const std::string_view header(reinterpret_cast<const char*>(bytes.data()) + 8, static_cast<std::size_t>(length));
  if (!header.starts_with('{')) refuse(path, "its header does not begin with '{'", "it is damaged, or another format");
  return header;
}

const NamedType& type_of(const fs::path& path, const HeaderTensor& tensor) {
  for (const NamedType& type : kTypes) {
    if (type.name == tensor.dtype) return type;
  }
  refuse(path, "the tensor " + in_quotes(tensor.name) + " has the unknown dtype " + in_quotes(tensor.dtype),
         "the file is damaged, or newer than this Motet");
}

tensor::Shape shape_of(const fs::path& path, const HeaderTensor& tensor) {
  if (tensor.shape.size() > static_cast<std::size_t>(tensor::kMaxRank)) {
    refuse(path,
           "the tensor " + in_quotes(tensor.name) + " has " + std::to_string(tensor.shape.size()) +
               " dimensions, Motet reads up to " + std::to_string(tensor::kMaxRank),
           "save it with neighbouring ones joined");
  }
  tensor::Shape shape;
  for (std::uint64_t size : tensor.shape) {
    // What does not fit becomes negative, which checked_size_bytes refuses.
    shape.push_back(static_cast<std::int64_t>(size));
  }
  return shape;
}

Entry make_entry(const fs::path& path, HeaderTensor& tensor, std::span<const std::byte> data) {
  const NamedType& type = type_of(path, tensor);
  const std::string who = "the tensor " + in_quotes(tensor.name);
  const tensor::Shape shape = shape_of(path, tensor);
  if (tensor.begin > tensor.end) {
    refuse(path, who + " ends before it begins", "the file is damaged, get it again");
  }
  if (tensor.end > data.size()) {
    refuse(path, who + " reaches to byte " + std::to_string(tensor.end) + " of " + std::to_string(data.size()),
           "the file is cut off, get it again");
  }
  const std::optional<std::uint64_t> wanted = checked_size_bytes(1, type.bytes, shape);
  if (!wanted) refuse(path, who + " has the impossible shape " + shape.text(), "the file is damaged, get it again");
  if (*wanted != tensor.end - tensor.begin) {
    refuse(path,
           who + " has " + std::to_string(tensor.end - tensor.begin) + " bytes, but " + std::string(type.name) +
               shape.text() + " takes " + std::to_string(*wanted),
           "the file is damaged, get it again");
  }
  Entry entry;
  entry.view.name = std::move(tensor.name);
  entry.view.dtype = type.dtype;
  entry.view.shape = shape;
  entry.view.bytes = data.subspan(static_cast<std::size_t>(tensor.begin), static_cast<std::size_t>(*wanted));
  if (type.dtype == tensor::DType::none) {
    entry.problem = "has the type " + std::string(type.name) + ", which Motet cannot use: save it as F32, F16 or BF16";
  } else {
    check_alignment(entry);
  }
  return entry;
}

void refuse_holes(const fs::path& path, const std::vector<Extent>& sorted, std::uint64_t size_bytes) {
  std::uint64_t reached = 0;
  for (const Extent& extent : sorted) {
    if (extent.begin != reached) {
      refuse(path, "bytes " + std::to_string(reached) + " to " + std::to_string(extent.begin) + " belong to no tensor",
             "the file is damaged, get it again");
    }
    reached = extent.end;
  }
  if (reached != size_bytes) {
    refuse(path, "has " + std::to_string(size_bytes - reached) + " bytes after its last tensor",
           "the file is damaged, get it again");
  }
}

// Where a shard lies. Only a plain file name is taken: an index is a download and must not reach outside its folder.
fs::path shard_path(const fs::path& index, const std::string& name) {
  const fs::path file(name);
  if (name.empty() || file.filename() != file || name == "." || name == ".." || name.find('\0') != std::string::npos) {
    refuse(index, "names the shard " + in_quotes(name) + ", which is not a file name", "get the index again");
  }
  return index.parent_path() / file;
}

}  // namespace

Contents read_safetensors(const fs::path& path) {
  Contents contents;
  contents.format = "safetensors";
  const auto file = std::make_shared<const base::MappedFile>(path);
  contents.mappings.push_back(file);
  const std::string_view header = header_of(path, file->bytes());
  const std::span<const std::byte> data = file->bytes().subspan(8 + header.size());
  std::vector<HeaderTensor> tensors = parse_header(path, header);
  std::vector<Extent> extents;
  for (HeaderTensor& tensor : tensors) {
    extents.push_back({tensor.begin, tensor.end, contents.entries.size()});
    contents.entries.push_back(make_entry(path, tensor, data));
  }
  refuse_overlaps(path, extents, contents.entries);
  refuse_holes(path, extents, data.size());
  return contents;
}

Contents read_safetensors_index(const fs::path& index) {
  constexpr std::size_t kMostIndexBytes = 100'000'000;
  Contents contents;
  contents.format = "safetensors";
  std::map<std::string, std::vector<std::string>> shards;  // sorted: shards are numbered in their names
  for (auto& [tensor, shard] : parse_index(index, base::read_file(index, kMostIndexBytes))) {
    shards[shard].push_back(std::move(tensor));
  }
  for (auto& [name, tensors] : shards) {
    const fs::path path = shard_path(index, name);
    std::error_code ignored;
    if (!fs::exists(path, ignored)) {
      refuse(index, "names the shard " + in_quotes(name) + ", which is not there", "get the missing file");
    }
    Contents shard = read_safetensors(path);
    std::map<std::string_view, std::size_t> held;
    for (std::size_t i = 0; i < shard.entries.size(); ++i) held.emplace(shard.entries[i].view.name, i);
    std::vector<std::size_t> wanted;
    for (const std::string& tensor : tensors) {
      const auto found = held.find(tensor);
      if (found == held.end()) {
        refuse(index, "says that " + in_quotes(tensor) + " is in " + in_quotes(name) + ", but it is not",
               "index and shards are of different models, get them again");
      }
      wanted.push_back(found->second);
    }
    std::sort(wanted.begin(), wanted.end());
    for (std::size_t i : wanted) contents.entries.push_back(std::move(shard.entries[i]));
    contents.mappings.push_back(std::move(shard.mappings.front()));
  }
  return contents;
}

}  // namespace motet::weights
