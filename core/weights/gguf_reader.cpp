#include "weights/gguf_reader.hpp"

#include <algorithm>
#include <cstring>

#include "base/utf8.hpp"
#include "weights/layout.hpp"

namespace motet::weights {

std::size_t element_size(MetadataType type) {
  switch (type) {
    case MetadataType::u8:
    case MetadataType::i8:
    case MetadataType::boolean:
      return 1;
    case MetadataType::u16:
    case MetadataType::i16:
      return 2;
    case MetadataType::u32:
    case MetadataType::i32:
    case MetadataType::f32:
      return 4;
    case MetadataType::u64:
    case MetadataType::i64:
    case MetadataType::f64:
      return 8;
    case MetadataType::string:
    case MetadataType::array:
      return 0;
  }
  return 0;
}

std::span<const std::byte> GgufReader::take(std::uint64_t size_bytes, const char* what) {
  if (size_bytes > left()) {
    refuse(path_,
           "ends within " + std::string(what) + " (" + std::to_string(size_bytes) + " bytes from byte " +
               std::to_string(position_) + " of " + std::to_string(bytes_.size()) + ")",
           "it is cut off or damaged, get the file again");
  }
  const auto out = bytes_.subspan(static_cast<std::size_t>(position_), static_cast<std::size_t>(size_bytes));
  position_ += size_bytes;
  return out;
}

std::uint32_t GgufReader::u32(const char* what) {
  std::uint32_t value;
  std::memcpy(&value, take(4, what).data(), 4);
  return value;
}

std::uint64_t GgufReader::u64(const char* what) {
  std::uint64_t value;
  std::memcpy(&value, take(8, what).data(), 8);
  return value;
}

std::string_view GgufReader::string(const char* what) {
  const std::uint64_t length = u64(what);
  const auto bytes = take(length, what);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

GgufReader::Counts GgufReader::header() {
  const auto magic = take(4, "its first four bytes");
  if (std::memcmp(magic.data(), "GGUF", 4) != 0)
    refuse(path_, "does not begin with GGUF", "it is damaged, or another format");
  const std::uint32_t version = u32("its version");
  if (version == 0x03000000u) refuse(path_, "is a big-endian GGUF file", "get the little-endian one");
  if (version != 3) {
    refuse(path_, "has GGUF version " + std::to_string(version) + ", Motet reads version 3", "convert it again");
  }
  Counts counts{};
  counts.tensors = u64("its number of tensors");
  counts.entries = u64("its number of keys");
  // The least that one of each takes: what claims more is refused before anything is reserved for it.
  constexpr std::uint64_t kLeastTensorBytes = 8 + 1 + 4 + 4 + 8;
  constexpr std::uint64_t kLeastEntryBytes = 8 + 1 + 4 + 1;
  if (counts.tensors > left() / kLeastTensorBytes || counts.entries > left() / kLeastEntryBytes) {
    refuse(path_,
           "claims " + std::to_string(counts.tensors) + " tensors and " + std::to_string(counts.entries) + " keys in " +
               std::to_string(bytes_.size()) + " bytes",
           "it is cut off or damaged, get the file again");
  }
  return counts;
}

MetadataType GgufReader::type() {
  const std::uint32_t number = u32("the type of a value");
  if (number > static_cast<std::uint32_t>(MetadataType::f64)) {
    refuse(path_,
           "a value before byte " + std::to_string(position_) + " has the unknown type " + std::to_string(number),
           "the file is damaged, get it again");
  }
  return static_cast<MetadataType>(number);
}

std::span<const std::byte> GgufReader::value(MetadataType element, std::uint64_t count, std::string_view key) {
  const std::uint64_t begin = position_;
  if (element == MetadataType::string) {
    if (count > left() / 8) {
      refuse(path_,
             "the key " + in_quotes(key) + " claims " + std::to_string(count) + " strings, more than the file holds",
             "it is cut off or damaged, get the file again");
    }
    for (std::uint64_t i = 0; i < count; ++i) string("a value");
  } else {
    const std::size_t size = element_size(element);
    if (count > left() / size) {
      refuse(path_,
             "the key " + in_quotes(key) + " claims " + std::to_string(count) + " values, more than the file holds",
             "it is cut off or damaged, get the file again");
    }
    const auto bytes = take(count * size, "a value");
    const auto is_bit = [](std::byte b) { return b == std::byte{0} || b == std::byte{1}; };
    if (element == MetadataType::boolean && !std::all_of(bytes.begin(), bytes.end(), is_bit)) {
      refuse(path_, "the key " + in_quotes(key) + " holds a bool that is neither 0 nor 1",
             "the file is damaged, get it again");
    }
  }
  return bytes_.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(position_ - begin));
}

std::vector<MetadataEntry> GgufReader::entries(std::uint64_t count) {
  constexpr std::size_t kMostKeyBytes = 65535;  // the specification's limit
  std::vector<MetadataEntry> out;
  out.reserve(static_cast<std::size_t>(count));
  for (std::uint64_t i = 0; i < count; ++i) {
    MetadataEntry entry;
    entry.key = string("a key");
    if (entry.key.empty() || entry.key.size() > kMostKeyBytes || base::first_bad_utf8(entry.key)) {
      refuse(path_, "the key before byte " + std::to_string(position_) + " is empty, too long or not UTF-8",
             "the file is damaged, get it again");
    }
    entry.type = type();
    entry.element = entry.type;
    if (entry.is_list()) {
      entry.element = type();
      if (entry.element == MetadataType::array) {
        refuse(path_, "the key " + in_quotes(entry.key) + " holds lists within a list, which Motet does not read",
               "get the model from another converter");
      }
      entry.count = u64("the length of a list");
    }
    entry.bytes = value(entry.element, entry.count, entry.key);
    out.push_back(entry);
  }
  return out;
}

}  // namespace motet::weights
