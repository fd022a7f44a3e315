#include "program/attributes.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>

namespace motet::program {

void Attributes::set(std::string_view key, Attribute value) {
  const auto at = std::lower_bound(list_.begin(), list_.end(), key,
                                   [](const auto& entry, std::string_view k) { return entry.first < k; });
  if (at != list_.end() && at->first == key) {
    at->second = std::move(value);
  } else {
    list_.insert(at, {std::string(key), std::move(value)});
  }
}

const Attribute* Attributes::find(std::string_view key) const {
  for (const auto& [name, value] : list_) {
    if (name == key) return &value;
  }
  return nullptr;
}

namespace {
template <class T>
const T& get(const Attributes& attributes, std::string_view key) {
  const Attribute* found = attributes.find(key);
  assert(found != nullptr && std::holds_alternative<T>(*found));
  return std::get<T>(*found);
}
}  // namespace

std::int64_t Attributes::integer(std::string_view key) const { return get<std::int64_t>(*this, key); }
double Attributes::number(std::string_view key) const { return get<double>(*this, key); }
const std::string& Attributes::string(std::string_view key) const { return get<std::string>(*this, key); }
const std::vector<std::int64_t>& Attributes::integers(std::string_view key) const {
  return get<std::vector<std::int64_t>>(*this, key);
}

std::string text(const Attribute& attribute) {
  if (const auto* i = std::get_if<std::int64_t>(&attribute)) return std::to_string(*i);
  if (const auto* s = std::get_if<std::string>(&attribute)) return *s;
  if (const auto* d = std::get_if<double>(&attribute)) {
    char buffer[32];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, *d);
    return {buffer, end.ptr};
  }
  std::string out = "[";
  for (std::int64_t i : std::get<std::vector<std::int64_t>>(attribute)) {
    out += (out.size() > 1 ? ", " : "") + std::to_string(i);
  }
  return out + "]";
}

}  // namespace motet::program
