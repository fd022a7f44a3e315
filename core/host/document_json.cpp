// JSON as a document. simdjson parses; the tree is one pass over what it found, a few milliseconds for a tokenizer's
// file.
#include <simdjson.h>

#include <algorithm>
#include <limits>
#include <new>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/mapped_file.hpp"
#include "host/document.hpp"

namespace motet::host {
namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 30;
constexpr std::size_t kMostDepth = 128;
constexpr std::size_t kMostBytesForPlace = std::size_t{64} << 20;

class JsonDocument final : public Document {
 public:
  JsonDocument(const std::filesystem::path& path, std::string text) : path_(path) {
    simdjson::dom::element root;
    simdjson::error_code error = parser_.allocate(text.size() + 1, kMostDepth);
    if (error == simdjson::SUCCESS) error = parser_.parse(text).get(root);
    if (error != simdjson::SUCCESS) fail(error, text);
    convert(root, root_);
  }

 private:
  [[noreturn]] void fail(simdjson::error_code error, const std::string& text) const {
    if (error == simdjson::MEMALLOC) throw std::bad_alloc();
    if (error == simdjson::DEPTH_ERROR) {
      base::fail(base::ErrorKind::user,
                 path_.string() + ": it nests more than " + std::to_string(kMostDepth) + " deep");
    }
    base::fail(base::ErrorKind::user,
               path_.string() + place(text) + ": it is not JSON: " + simdjson::error_message(error));
  }
  // simdjson does not say where; the slower reader does, and this file is lost anyway.
  static std::string place(const std::string& text) {
    if (text.size() > kMostBytesForPlace) return {};
    try {
      [[maybe_unused]] const auto nothing_kept =
          nlohmann::json::parse(text, [](int, nlohmann::json::parse_event_t, const nlohmann::json&) { return false; });
      return {};
    } catch (const nlohmann::json::parse_error& error) {
      const std::size_t end = std::min(error.byte == 0 ? 0 : error.byte - 1, text.size());
      const auto lines = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end), '\n');
      const std::size_t line_begin = end == 0 ? std::string::npos : text.rfind('\n', end - 1);
      const std::size_t column = line_begin == std::string::npos ? end + 1 : end - line_begin;
      return ":" + std::to_string(lines + 1) + ":" + std::to_string(column);
    } catch (const nlohmann::json::exception&) {
      return {};
    }
  }

  static std::uint32_t checked_size(std::size_t size) {
    if (size > std::numeric_limits<std::uint32_t>::max())
      base::fail(base::ErrorKind::user, "a JSON value is too large");
    return static_cast<std::uint32_t>(size);
  }

  void convert(simdjson::dom::element from, motet_node& to) {
    using Type = simdjson::dom::element_type;
    switch (from.type()) {
      case Type::ARRAY:
        convert_array(from.get_array().value_unsafe(), to);
        break;
      case Type::OBJECT:
        convert_object(from.get_object().value_unsafe(), to);
        break;
      case Type::INT64:
        to.kind = MOTET_NODE_INTEGER;
        to.integer = from.get_int64().value_unsafe();
        break;
      case Type::UINT64:  // only those that do not fit an i64 come as this type
        to.kind = MOTET_NODE_NUMBER;
        to.number = static_cast<double>(from.get_uint64().value_unsafe());
        break;
      case Type::DOUBLE:
        to.kind = MOTET_NODE_NUMBER;
        to.number = from.get_double().value_unsafe();
        break;
      case Type::STRING: {
        const std::string_view text = from.get_string().value_unsafe();
        to.kind = MOTET_NODE_STRING;
        to.size = checked_size(text.size());
        to.text = text.data();
        break;
      }
      case Type::BOOL:
        to.kind = MOTET_NODE_BOOL;
        to.integer = from.get_bool().value_unsafe() ? 1 : 0;
        break;
      default:
        break;  // null
    }
  }
  void convert_array(simdjson::dom::array from, motet_node& to) {
    std::size_t count = 0;  // simdjson's own size() ends at 24 bits
    for ([[maybe_unused]] const simdjson::dom::element item : from) ++count;
    motet_node* children = make_nodes(count);
    to.kind = MOTET_NODE_LIST;
    to.size = checked_size(count);
    to.children = children;
    for (const simdjson::dom::element item : from) convert(item, *children++);
  }
  void convert_object(simdjson::dom::object from, motet_node& to) {
    std::size_t count = 0;
    for ([[maybe_unused]] const simdjson::dom::key_value_pair item : from) ++count;
    motet_node* children = make_nodes(count);
    to.kind = MOTET_NODE_MAP;
    to.size = checked_size(count);
    to.children = children;
    for (const simdjson::dom::key_value_pair item : from) {
      convert(item.value, *children);
      children->key = item.key.data();
      children->key_size = checked_size(item.key.size());
      ++children;
    }
    finish_map(to);
  }

  std::filesystem::path path_;
  simdjson::dom::parser parser_;  // holds the strings
};

}  // namespace

std::unique_ptr<Document> open_json(const std::filesystem::path& path) {
  return std::make_unique<JsonDocument>(path, base::read_file(path, kMostBytes));
}

}  // namespace motet::host
