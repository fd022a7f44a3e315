// What every template finds: range, namespace, dict, raise_exception, strftime_now; and arguments of functions.
#include <algorithm>
#include <ctime>

#include "prompt/jinja_render.hpp"

namespace motet::prompt::jinja {
namespace {

Value make_range(Renderer& renderer, const Arguments& arguments) {
  const std::size_t count = arguments.positional.size();
  if (count < 1 || count > 3) throw TemplateError("range wants one to three numbers");
  for (const Value& bound : arguments.positional) {
    if (!bound.is_number() || bound.is_float()) throw TemplateError("range wants whole numbers");
  }
  const std::int64_t begin = count > 1 ? arguments.positional[0].integer() : 0;
  const std::int64_t end = arguments.positional[count > 1 ? 1 : 0].integer();
  const std::int64_t stride = count > 2 ? arguments.positional[2].integer() : 1;
  if (stride == 0) throw TemplateError("range's step must not be 0");
  std::vector<Value> out;
  for (std::int64_t i = begin; stride > 0 ? i < end : i > end;) {
    if (out.size() >= renderer.limits().most_elements) {
      throw TemplateError("range makes more than " + std::to_string(renderer.limits().most_elements) + " numbers");
    }
    out.emplace_back(i);
    if (__builtin_add_overflow(i, stride, &i)) break;
  }
  return Value::list(std::move(out));
}

std::vector<std::pair<Value, Value>> entries_of(const Arguments& arguments) {
  std::vector<std::pair<Value, Value>> out;
  for (const Value& given : arguments.positional) {
    const Mapping* mapping = given.mapping();
    if (mapping == nullptr) throw TemplateError(std::string("a mapping is wanted, not '") + given.type_name() + "'");
    out.insert(out.end(), mapping->entries.begin(), mapping->entries.end());
  }
  for (const auto& [name, value] : arguments.named) {
    bool found = false;
    for (auto& entry : out) {
      const std::string* key = entry.first.text();
      if (key != nullptr && *key == name) {
        entry.second = value;
        found = true;
      }
    }
    if (!found) out.emplace_back(Value(name), value);
  }
  return out;
}

Value raise(Renderer& renderer, const Arguments& arguments) {
  const Value* message = argument(arguments, 0, "message");
  std::string words = message == nullptr ? "" : to_text(*message, renderer.limits().most_text_bytes);
  words.resize(std::min(words.find('\0'), words.size()));  // what() could say no more
  throw TemplateError(words.empty() ? "the template refuses" : words);
}

// Local time, as the reference gives it.
Value now(Renderer&, const Arguments& arguments) {
  const std::string& format = text_argument(arguments, 0, "format");
  if (format.empty()) return "";
  if (format.size() > 1000) throw TemplateError("strftime_now's format is too long");
  const std::time_t seconds = std::time(nullptr);
  std::tm local{};
  localtime_r(&seconds, &local);
  char buffer[8192];
  const std::size_t size = std::strftime(buffer, sizeof buffer, format.c_str(), &local);
  return std::string(buffer, size);
}
}  // namespace

const Value* argument(const Arguments& arguments, std::size_t index, std::string_view name) {
  if (index < arguments.positional.size()) return &arguments.positional[index];
  for (const auto& [given, value] : arguments.named) {
    if (given == name) return &value;
  }
  return nullptr;
}

const std::string& text_argument(const Arguments& arguments, std::size_t index, std::string_view name) {
  const Value* given = argument(arguments, index, name);
  if (given == nullptr) throw TemplateError("argument '" + std::string(name) + "' is missing");
  if (given->text() == nullptr)
    throw TemplateError("argument '" + std::string(name) + "' must be a text, is '" + given->type_name() + "'");
  return *given->text();
}

std::vector<std::pair<std::string, Value>> global_functions() {
  const auto make_namespace = [](Renderer& renderer, const Arguments& arguments) {
    return renderer.new_namespace(entries_of(arguments));
  };
  const auto make_mapping = [](Renderer&, const Arguments& arguments) { return Value::mapping(entries_of(arguments)); };
  std::vector<std::pair<std::string, Value>> out;
  out.emplace_back("range", Value::function("range", make_range));
  out.emplace_back("namespace", Value::function("namespace", make_namespace));
  out.emplace_back("dict", Value::function("dict", make_mapping));
  out.emplace_back("raise_exception", Value::function("raise_exception", raise));
  out.emplace_back("strftime_now", Value::function("strftime_now", now));
  return out;
}

}  // namespace motet::prompt::jinja
