// GGUF version 3: typed key-values, and tensors.
//
// Source: the GGUF specification. Little-endian; a string is a u64 length and its bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/mapped_file.hpp"
#include "weights/file.hpp"

namespace motet::weights {

enum class MetadataType : std::uint32_t {
  u8 = 0,
  i8 = 1,
  u16 = 2,
  i16 = 3,
  u32 = 4,
  i32 = 5,
  f32 = 6,
  boolean = 7,
  string = 8,
  array = 9,
  u64 = 10,
  i64 = 11,
  f64 = 12,
};
std::string_view name(MetadataType type);

// One key-value where it lies in the mapped file. A scalar is an array of one element for the readers below.
struct MetadataEntry {
  std::string_view key;
  MetadataType type = MetadataType::u8;     // of the value, `array` for lists
  MetadataType element = MetadataType::u8;  // of a list's elements; the same as `type` for scalars
  std::uint64_t count = 1;
  std::span<const std::byte> bytes;  // the elements as they are written, not aligned
  bool is_list() const { return type == MetadataType::array; }
};

// The key-values of a GGUF file, checked once when opened. Strings are views into the mapping and live as long as this
// object. They need not be UTF-8 (pieces of byte-level vocabularies); keys are. Any thread may read it.
class Metadata {
 public:
  // Reads the key-values only, so a file without tensors is fine. Throws Error(user) where they are malformed.
  static std::shared_ptr<const Metadata> open(const std::filesystem::path& path);

  Metadata(std::shared_ptr<const base::MappedFile> file, std::vector<MetadataEntry> entries);

  // Nothing where the key is absent; Error(user) where it is there with another type.
  std::optional<std::string_view> get_string(std::string_view key) const;
  std::optional<std::int64_t> get_int(std::string_view key) const;  // any integer type
  std::optional<double> get_float(std::string_view key) const;      // any number
  std::optional<bool> get_bool(std::string_view key) const;
  std::optional<std::vector<std::string_view>> get_strings(std::string_view key) const;
  std::optional<std::vector<std::int64_t>> get_ints(
      std::string_view key) const;                                            // any integer type, or bool as 0 and 1
  std::optional<std::vector<double>> get_floats(std::string_view key) const;  // any number

  const MetadataEntry* find(std::string_view key) const;
  const std::vector<MetadataEntry>& entries() const { return entries_; }  // in the file's order
  const std::filesystem::path& path() const { return file_->path(); }

 private:
  const MetadataEntry* find(std::string_view key, std::string_view wanted, bool list) const;

  std::shared_ptr<const base::MappedFile> file_;  // shared with the File that holds the tensors
  std::vector<MetadataEntry> entries_;
  std::unordered_map<std::string_view, std::size_t> index_;
};

// The elements of one entry, for readers that walk all of them. The entry's `element` must be of the kind asked for
// (any integer type or boolean for ints, any number for floats); Error(user) for a u64 that does not fit.
std::vector<std::string_view> strings_of(const MetadataEntry& entry);
std::vector<std::int64_t> ints_of(const MetadataEntry& entry);
std::vector<double> floats_of(const MetadataEntry& entry);
bool is_integer(MetadataType type);
bool is_number(MetadataType type);

Contents read_gguf(const std::filesystem::path& path);

}  // namespace motet::weights
