// A value of a tokenizer.json that knows its place ("$.model.merges[12]"), so that every complaint names it.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tokenizer/tokenizer_error.hpp"

namespace motet::tokenizer {

// Views stay good while the parser and its document do. All getters throw a `description` error with the place.
class JsonView {
 public:
  JsonView(simdjson::dom::element element, std::string place) : element_(element), place_(std::move(place)) {}

  const std::string& place() const { return place_; }
  simdjson::dom::element element() const { return element_; }
  bool is_null() const { return element_.is_null(); }
  bool is_object() const { return element_.is_object(); }
  bool is_string() const { return element_.is_string(); }
  bool is_array() const { return element_.is_array(); }

  // A member that must be there; find() for one that need not be: null counts as absent.
  JsonView at(std::string_view key) const;
  std::optional<JsonView> find(std::string_view key) const;

  std::string_view string() const;
  bool boolean() const;
  std::uint64_t unsigned_integer(std::uint64_t limit) const;  // 0 ... limit
  double number() const;
  char32_t character() const;  // a string of exactly one code point

  std::string_view string_or(std::string_view key, std::string_view otherwise) const;
  bool boolean_or(std::string_view key, bool otherwise) const;

  template <class Visit>
  void each_item(Visit visit) const {  // visit(JsonView)
    std::size_t index = 0;
    for (const simdjson::dom::element item : array()) {
      visit(JsonView(item, place_ + '[' + std::to_string(index++) + ']'));
    }
  }

  simdjson::dom::array array() const;
  simdjson::dom::object object() const;

  [[noreturn]] void fail(const std::string& message) const { fail_description(place_, message); }
  [[noreturn]] void fail_type(std::string_view kind, std::string_view type, std::string_view supported) const;

 private:
  [[noreturn]] void wanted(std::string_view what) const;

  simdjson::dom::element element_;
  std::string place_;
};

// Components are at most this deep inside each other (a Sequence in a Sequence in ...).
inline constexpr int kMaxDepth = 16;

}  // namespace motet::tokenizer
