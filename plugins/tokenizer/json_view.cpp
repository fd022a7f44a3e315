#include "tokenizer/json_view.hpp"

#include "tokenizer/utf8.hpp"

namespace motet::tokenizer {
namespace {

std::string_view kind_of(simdjson::dom::element element) {
  switch (element.type()) {
    case simdjson::dom::element_type::ARRAY:
      return "a list";
    case simdjson::dom::element_type::OBJECT:
      return "an object";
    case simdjson::dom::element_type::STRING:
      return "a string";
    case simdjson::dom::element_type::BOOL:
      return "true or false";
    case simdjson::dom::element_type::NULL_VALUE:
      return "null";
    default:
      return "a number";
  }
}

}  // namespace

void JsonView::wanted(std::string_view what) const {
  fail("wanted " + std::string(what) + ", found " + std::string(kind_of(element_)));
}

void JsonView::fail_type(std::string_view kind, std::string_view type, std::string_view supported) const {
  fail(std::string(kind) + " type '" + std::string(type) + "' is not supported; supported: " + std::string(supported));
}

JsonView JsonView::at(std::string_view key) const {
  simdjson::dom::element member;
  if (object().at_key(key).get(member) != simdjson::SUCCESS) fail("lacks '" + std::string(key) + "'");
  return {member, place_ + '.' + std::string(key)};
}

std::optional<JsonView> JsonView::find(std::string_view key) const {
  simdjson::dom::element member;
  if (object().at_key(key).get(member) != simdjson::SUCCESS || member.is_null()) return std::nullopt;
  return JsonView(member, place_ + '.' + std::string(key));
}

std::string_view JsonView::string() const {
  std::string_view value;
  if (element_.get(value) != simdjson::SUCCESS) wanted("a string");
  return value;
}

bool JsonView::boolean() const {
  bool value = false;
  if (element_.get(value) != simdjson::SUCCESS) wanted("true or false");
  return value;
}

std::uint64_t JsonView::unsigned_integer(std::uint64_t limit) const {
  std::uint64_t value = 0;
  if (!element_.is_number() || element_.type() == simdjson::dom::element_type::DOUBLE) wanted("a whole number");
  if (element_.get(value) != simdjson::SUCCESS || value > limit) {  // get() refuses what is negative
    fail("is out of range, wanted 0 to " + std::to_string(limit));
  }
  return value;
}

double JsonView::number() const {
  double value = 0;
  if (element_.get(value) != simdjson::SUCCESS) wanted("a number");
  return value;
}

char32_t JsonView::character() const {
  const std::string_view text = string();
  if (text.empty() || utf8_lead_size(text[0]) != text.size()) fail("wanted a string of one character");
  return utf8_at(text, 0).code;
}

std::string_view JsonView::string_or(std::string_view key, std::string_view otherwise) const {
  const std::optional<JsonView> member = find(key);
  return member ? member->string() : otherwise;
}

bool JsonView::boolean_or(std::string_view key, bool otherwise) const {
  const std::optional<JsonView> member = find(key);
  return member ? member->boolean() : otherwise;
}

simdjson::dom::array JsonView::array() const {
  simdjson::dom::array value;
  if (element_.get(value) != simdjson::SUCCESS) wanted("a list");
  return value;
}

simdjson::dom::object JsonView::object() const {
  simdjson::dom::object value;
  if (element_.get(value) != simdjson::SUCCESS) wanted("an object");
  return value;
}

}  // namespace motet::tokenizer
