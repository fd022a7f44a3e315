#include <bit>
#include <cassert>
#include <cstring>
#include <limits>

#include "base/error.hpp"
#include "weights/gguf.hpp"
#include "weights/gguf_reader.hpp"
#include "weights/layout.hpp"

namespace motet::weights {
namespace {

template <class T>
T load(const std::byte* from) {
  static_assert(std::endian::native == std::endian::little, "GGUF is read in place");
  T value;
  std::memcpy(&value, from, sizeof(T));
  return value;
}

std::int64_t int_at(const MetadataEntry& entry, const std::byte* from) {
  switch (entry.element) {
    case MetadataType::u8:
    case MetadataType::boolean:
      return load<std::uint8_t>(from);
    case MetadataType::i8:
      return load<std::int8_t>(from);
    case MetadataType::u16:
      return load<std::uint16_t>(from);
    case MetadataType::i16:
      return load<std::int16_t>(from);
    case MetadataType::u32:
      return load<std::uint32_t>(from);
    case MetadataType::i32:
      return load<std::int32_t>(from);
    case MetadataType::i64:
      return load<std::int64_t>(from);
    case MetadataType::u64: {
      const auto value = load<std::uint64_t>(from);
      if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
        base::fail(base::ErrorKind::user, "the key " + in_quotes(entry.key) + " holds " + std::to_string(value) +
                                              ", more than Motet can count: the file is damaged, get it again");
      }
      return static_cast<std::int64_t>(value);
    }
    default:
      assert(false && "not an integer");
      return 0;
  }
}

double float_at(const MetadataEntry& entry, const std::byte* from) {
  if (entry.element == MetadataType::f32) return static_cast<double>(load<float>(from));
  if (entry.element == MetadataType::f64) return load<double>(from);
  if (entry.element == MetadataType::u64) return static_cast<double>(load<std::uint64_t>(from));
  return static_cast<double>(int_at(entry, from));
}

template <class T, class Read>
std::vector<T> elements(const MetadataEntry& entry, Read read) {
  const std::size_t size = element_size(entry.element);
  std::vector<T> out;
  out.reserve(static_cast<std::size_t>(entry.count));
  for (std::size_t i = 0; i < entry.count; ++i) out.push_back(read(entry, entry.bytes.data() + i * size));
  return out;
}

}  // namespace

std::string_view name(MetadataType type) {
  switch (type) {
    case MetadataType::u8:
      return "u8";
    case MetadataType::i8:
      return "i8";
    case MetadataType::u16:
      return "u16";
    case MetadataType::i16:
      return "i16";
    case MetadataType::u32:
      return "u32";
    case MetadataType::i32:
      return "i32";
    case MetadataType::f32:
      return "f32";
    case MetadataType::boolean:
      return "bool";
    case MetadataType::string:
      return "string";
    case MetadataType::array:
      return "list";
    case MetadataType::u64:
      return "u64";
    case MetadataType::i64:
      return "i64";
    case MetadataType::f64:
      return "f64";
  }
  return "unknown";
}

bool is_integer(MetadataType type) {
  switch (type) {
    case MetadataType::f32:
    case MetadataType::f64:
    case MetadataType::boolean:
    case MetadataType::string:
    case MetadataType::array:
      return false;
    default:
      return true;
  }
}

bool is_number(MetadataType type) { return is_integer(type) || type == MetadataType::f32 || type == MetadataType::f64; }

std::vector<std::string_view> strings_of(const MetadataEntry& entry) {
  assert(entry.element == MetadataType::string);
  std::vector<std::string_view> out;
  out.reserve(static_cast<std::size_t>(entry.count));
  const std::byte* at = entry.bytes.data();
  for (std::uint64_t i = 0; i < entry.count; ++i) {  // lengths were checked when the file was opened
    const auto length = static_cast<std::size_t>(load<std::uint64_t>(at));
    out.emplace_back(reinterpret_cast<const char*>(at) + 8, length);
    at += 8 + length;
  }
  return out;
}

std::vector<std::int64_t> ints_of(const MetadataEntry& entry) {
  assert(is_integer(entry.element) || entry.element == MetadataType::boolean);
  return elements<std::int64_t>(entry, int_at);
}

std::vector<double> floats_of(const MetadataEntry& entry) {
  assert(is_number(entry.element));
  return elements<double>(entry, float_at);
}

Metadata::Metadata(std::shared_ptr<const base::MappedFile> file, std::vector<MetadataEntry> entries)
    : file_(std::move(file)), entries_(std::move(entries)) {
  index_.reserve(entries_.size());
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (!index_.emplace(entries_[i].key, i).second) {
      refuse(path(), "the key " + in_quotes(entries_[i].key) + " is there twice", "the file is damaged, get it again");
    }
  }
}

const MetadataEntry* Metadata::find(std::string_view key) const {
  const auto found = index_.find(key);
  return found == index_.end() ? nullptr : &entries_[found->second];
}

const MetadataEntry* Metadata::find(std::string_view key, std::string_view wanted, bool list) const {
  const MetadataEntry* entry = find(key);
  if (entry == nullptr) return nullptr;
  const MetadataType element = entry->element;
  const bool fits = wanted == "text"      ? element == MetadataType::string
                    : wanted == "integer" ? is_integer(element) || (list && element == MetadataType::boolean)
                    : wanted == "number"  ? is_number(element)
                                          : element == MetadataType::boolean;
  // An empty list has whatever element type its writer happened to give it.
  if (entry->is_list() == list && (fits || (list && entry->count == 0))) return entry;
  const std::string found = entry->is_list() ? "a list of " + std::string(name(element)) : std::string(name(element));
  refuse(path(),
         "the key " + in_quotes(key) + " is " + found + ", wanted " + (list ? "a list of " : "") + std::string(wanted),
         "the file is of another kind, or damaged");
}

std::optional<std::string_view> Metadata::get_string(std::string_view key) const {
  const MetadataEntry* entry = find(key, "text", false);
  if (entry == nullptr) return std::nullopt;
  return strings_of(*entry).front();
}

std::optional<std::int64_t> Metadata::get_int(std::string_view key) const {
  const MetadataEntry* entry = find(key, "integer", false);
  if (entry == nullptr) return std::nullopt;
  return int_at(*entry, entry->bytes.data());
}

std::optional<double> Metadata::get_float(std::string_view key) const {
  const MetadataEntry* entry = find(key, "number", false);
  if (entry == nullptr) return std::nullopt;
  return float_at(*entry, entry->bytes.data());
}

std::optional<bool> Metadata::get_bool(std::string_view key) const {
  const MetadataEntry* entry = find(key, "true or false", false);
  if (entry == nullptr) return std::nullopt;
  return int_at(*entry, entry->bytes.data()) != 0;
}

std::optional<std::vector<std::string_view>> Metadata::get_strings(std::string_view key) const {
  const MetadataEntry* entry = find(key, "text", true);
  if (entry == nullptr) return std::nullopt;
  return entry->count == 0 ? std::vector<std::string_view>() : strings_of(*entry);
}

std::optional<std::vector<std::int64_t>> Metadata::get_ints(std::string_view key) const {
  const MetadataEntry* entry = find(key, "integer", true);
  if (entry == nullptr) return std::nullopt;
  return entry->count == 0 ? std::vector<std::int64_t>() : ints_of(*entry);
}

std::optional<std::vector<double>> Metadata::get_floats(std::string_view key) const {
  const MetadataEntry* entry = find(key, "number", true);
  if (entry == nullptr) return std::nullopt;
  return entry->count == 0 ? std::vector<double>() : floats_of(*entry);
}

}  // namespace motet::weights
