// Methods of texts and mappings: message.content.strip(), tools.items().
#include <algorithm>
#include <map>

#include "prompt/jinja_render.hpp"
#include "prompt/jinja_text.hpp"

namespace motet::prompt::jinja {
namespace {

using TextMethod = Value (*)(const Limits& limits, const std::string& self, const Arguments& arguments);
using MappingMethod = Value (*)(const Value& self, const Arguments& arguments);

std::int64_t integer_or(const Arguments& arguments, std::size_t index, std::string_view name, std::int64_t otherwise) {
  const Value* given = argument(arguments, index, name);
  return given == nullptr ? otherwise : given->integer();
}

std::string set_argument(const Arguments& arguments) {
  const Value* given = argument(arguments, 0, "chars");
  return given == nullptr || given->is_none() ? "" : text_argument(arguments, 0, "chars");
}

Value texts(const std::vector<std::string_view>& parts) {
  std::vector<Value> out;
  for (std::string_view part : parts) out.emplace_back(std::string(part));
  return Value::list(std::move(out));
}

bool any_of(const Arguments& arguments, bool (*holds)(std::string_view, std::string_view), std::string_view self) {
  const Value* given = argument(arguments, 0, "prefix");
  if (given == nullptr) throw TemplateError("a text to look for is missing");
  if (given->list() == nullptr) return holds(self, text_argument(arguments, 0, "prefix"));
  return std::any_of(given->list()->items.begin(), given->list()->items.end(),
                     [&](const Value& one) { return one.text() != nullptr && holds(self, *one.text()); });
}

Value split_text(const Limits&, const std::string& self, const Arguments& arguments) {
  const Value* separator = argument(arguments, 0, "sep");
  const std::int64_t most = integer_or(arguments, 1, "maxsplit", -1);
  if (separator == nullptr || separator->is_none()) return texts(split(self, "", most));
  if (text_argument(arguments, 0, "sep").empty()) throw TemplateError("a text cannot be split at nothing");
  return texts(split(self, *separator->text(), most));
}

Value split_from_right(const Limits&, const std::string& self, const Arguments& arguments) {
  const std::string& separator = text_argument(arguments, 0, "sep");
  std::int64_t most = integer_or(arguments, 1, "maxsplit", -1);
  if (separator.empty()) throw TemplateError("a text cannot be split at nothing");
  std::vector<std::string_view> parts;
  std::string_view rest = self;
  for (std::size_t at = rest.rfind(separator); at != std::string_view::npos && most != 0;
       at = rest.rfind(separator), --most) {
    parts.push_back(rest.substr(at + separator.size()));
    rest = rest.substr(0, at);
  }
  parts.push_back(rest);
  std::reverse(parts.begin(), parts.end());
  return texts(parts);
}

Value split_lines(const Limits&, const std::string& self, const Arguments&) {
  std::vector<std::string_view> lines;
  std::string_view rest = self;
  while (!rest.empty()) {
    const std::size_t end = rest.find_first_of("\r\n");
    lines.push_back(rest.substr(0, end));
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + (rest.substr(end, 2) == "\r\n" ? 2 : 1));
  }
  return texts(lines);
}

Value count_in(const Limits&, const std::string& self, const Arguments& arguments) {
  const std::string& wanted = text_argument(arguments, 0, "sub");
  if (wanted.empty()) return static_cast<std::int64_t>(count_characters(self) + 1);
  std::int64_t count = 0;
  for (std::size_t at = self.find(wanted); at != std::string::npos; at = self.find(wanted, at + wanted.size())) ++count;
  return count;
}

Value found_at(const std::string& self, std::size_t at) {
  return at == std::string::npos ? std::int64_t{-1}
                                 : static_cast<std::int64_t>(count_characters(std::string_view(self).substr(0, at)));
}

Value join_texts(const Limits& limits, const std::string& self, const Arguments& arguments) {
  const Value* given = argument(arguments, 0, "iterable");
  if (given == nullptr) throw TemplateError("join wants a list");
  TextBuilder out(limits.most_text_bytes);
  bool first = true;
  for (const Value& part : elements(*given)) {
    if (part.text() == nullptr) throw TemplateError(std::string("join wants texts, found '") + part.type_name() + "'");
    if (!first) out.append(self);
    out.append(*part.text());
    first = false;
  }
  return out.take();
}

Value without(const std::string& self, const Arguments& arguments, bool prefix) {
  const std::string& part = text_argument(arguments, 0, prefix ? "prefix" : "suffix");
  if (prefix) return self.starts_with(part) ? self.substr(part.size()) : self;
  return self.ends_with(part) ? self.substr(0, self.size() - part.size()) : self;
}

const std::map<std::string, TextMethod, std::less<>>& text_methods() {
  using L = const Limits&;
  using S = const std::string&;
  using A = const Arguments&;
  static const std::map<std::string, TextMethod, std::less<>> methods = {
      {"strip", [](L, S s, A a) -> Value { return std::string(strip(s, set_argument(a), true, true)); }},
      {"lstrip", [](L, S s, A a) -> Value { return std::string(strip(s, set_argument(a), true, false)); }},
      {"rstrip", [](L, S s, A a) -> Value { return std::string(strip(s, set_argument(a), false, true)); }},
      {"upper", [](L, S s, A) -> Value { return upper(s); }},
      {"lower", [](L, S s, A) -> Value { return lower(s); }},
      {"title", [](L, S s, A) -> Value { return title(s); }},
      {"capitalize", [](L, S s, A) -> Value { return capitalize(s); }},
      {"isdigit", [](L, S s, A) -> Value { return is_digit(s); }},
      {"isalpha", [](L, S s, A) -> Value { return is_alpha(s); }},
      {"isspace", [](L, S s, A) -> Value { return is_space(s); }},
      {"isupper", [](L, S s, A) -> Value { return is_upper(s); }},
      {"islower", [](L, S s, A) -> Value { return is_lower(s); }},
      {"split", split_text},
      {"rsplit", split_from_right},
      {"splitlines", split_lines},
      {"startswith",
       [](L, S s, A a) -> Value {
         return any_of(a, [](std::string_view x, std::string_view y) { return x.starts_with(y); }, s);
       }},
      {"endswith",
       [](L, S s, A a) -> Value {
         return any_of(a, [](std::string_view x, std::string_view y) { return x.ends_with(y); }, s);
       }},
      {"replace",
       [](L limits, S s, A a) -> Value {
         return replace(s, text_argument(a, 0, "old"), text_argument(a, 1, "new"), integer_or(a, 2, "count", -1),
                        limits.most_text_bytes);
       }},
      {"find", [](L, S s, A a) -> Value { return found_at(s, s.find(text_argument(a, 0, "sub"))); }},
      {"rfind", [](L, S s, A a) -> Value { return found_at(s, s.rfind(text_argument(a, 0, "sub"))); }},
      {"count", count_in},
      {"join", join_texts},
      {"removeprefix", [](L, S s, A a) -> Value { return without(s, a, true); }},
      {"removesuffix", [](L, S s, A a) -> Value { return without(s, a, false); }}};
  return methods;
}

const std::map<std::string, MappingMethod, std::less<>>& mapping_methods() {
  static const std::map<std::string, MappingMethod, std::less<>> methods = {
      {"items",
       [](const Value& self, const Arguments&) {
         std::vector<Value> out;
         for (const auto& [key, value] : self.mapping()->entries) out.push_back(Value::list({key, value}, true));
         return Value::list(std::move(out));
       }},
      {"keys", [](const Value& self, const Arguments&) { return Value::list(elements(self)); }},
      {"values",
       [](const Value& self, const Arguments&) {
         std::vector<Value> out;
         for (const auto& entry : self.mapping()->entries) out.push_back(entry.second);
         return Value::list(std::move(out));
       }},
      {"get", [](const Value& self, const Arguments& arguments) {
         const Value* key = argument(arguments, 0, "key");
         if (key == nullptr) throw TemplateError("get wants a key");
         for (const auto& entry : self.mapping()->entries) {
           if (equal(entry.first, *key)) return entry.second;
         }
         const Value* otherwise = argument(arguments, 1, "default");
         return otherwise != nullptr ? *otherwise : Value();
       }}};
  return methods;
}
}  // namespace

Value method(const Value& owner, const std::string& name) {
  if (const std::string* text = owner.text()) {
    const auto found = text_methods().find(name);
    if (found != text_methods().end()) {
      const auto call = [self = *text, run = found->second](Renderer& renderer, const Arguments& arguments) {
        return run(renderer.limits(), self, arguments);
      };
      return Value::function(name, call);
    }
  } else if (const Mapping* mapping = owner.mapping(); mapping != nullptr && !mapping->is_namespace) {
    const auto found = mapping_methods().find(name);
    if (found != mapping_methods().end()) {
      const auto call = [self = owner, run = found->second](Renderer&, const Arguments& arguments) {
        return run(self, arguments);
      };
      return Value::function(name, call);
    }
  }
  return Value::undefined(std::string("'") + owner.type_name() + " object' has no attribute '" + name + "'");
}

}  // namespace motet::prompt::jinja
