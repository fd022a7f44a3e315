// Values as text: Python's str, repr and json.dumps.
#include <charconv>
#include <cmath>
#include <cstdio>

#include "prompt/jinja_text.hpp"
#include "prompt/jinja_value.hpp"

namespace motet::prompt::jinja {
namespace {

// The shortest digits that read back as the same number, written as Python's repr places the point.
std::string number_text(double value, bool json) {
  if (std::isnan(value)) return json ? "NaN" : "nan";
  if (std::isinf(value)) return std::string(value < 0 ? "-" : "") + (json ? "Infinity" : "inf");
  char buffer[64];
  const double size = std::abs(value);
  const auto style =
      size != 0 && (size < 1e-4 || size >= 1e16) ? std::chars_format::scientific : std::chars_format::fixed;
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, style).ptr;
  std::string text(buffer, end);
  if (style == std::chars_format::fixed && text.find('.') == std::string::npos) text += ".0";
  return text;
}

// What both languages write after a backslash: the letter; nothing for characters that stand for themselves.
char escape_letter(char c) {
  switch (c) {
    case '\\':
      return '\\';
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    case '\t':
      return 't';
    default:
      return 0;
  }
}

// `quote` around the text; JSON's own escapes, or those of Python's repr.
void append_within(TextBuilder& out, std::string_view text, char quote, bool json) {
  out.append({&quote, 1});
  for (const char& c : text) {
    char letter = c == quote ? quote : escape_letter(c);
    if (json && c == '\b') letter = 'b';
    if (json && c == '\f') letter = 'f';
    const auto code = static_cast<unsigned char>(c);
    if (letter != 0) {
      const char both[] = {'\\', letter};
      out.append({both, 2});
    } else if (code < 0x20 || (code == 0x7F && !json)) {
      char buffer[8];
      std::snprintf(buffer, sizeof buffer, json ? "\\u%04x" : "\\x%02x", static_cast<unsigned>(code));
      out.append(buffer);
    } else {
      out.append({&c, 1});
    }
  }
  out.append({&quote, 1});
}

void append_json_text(TextBuilder& out, std::string_view text) { append_within(out, text, '"', true); }

void append_quoted(TextBuilder& out, std::string_view text) {
  const bool doubled = text.find('\'') != std::string_view::npos && text.find('"') == std::string_view::npos;
  append_within(out, text, doubled ? '"' : '\'', false);
}

void append_literal(TextBuilder& out, const Value& value, int depth) {
  if (depth > kMostNesting + 2) throw TemplateError("a namespace that contains itself cannot be written");
  if (const std::string* text = value.text()) {
    append_quoted(out, *text);
  } else if (const List* list = value.list()) {
    out.append(list->tuple ? "(" : "[");
    for (std::size_t i = 0; i < list->items.size(); ++i) {
      if (i > 0) out.append(", ");
      append_literal(out, list->items[i], depth + 1);
    }
    out.append(!list->tuple ? "]" : list->items.size() == 1 ? ",)" : ")");
  } else if (const Mapping* mapping = value.mapping()) {
    out.append(mapping->is_namespace ? "<Namespace {" : "{");
    for (std::size_t i = 0; i < mapping->entries.size(); ++i) {
      if (i > 0) out.append(", ");
      append_literal(out, mapping->entries[i].first, depth + 1);
      out.append(": ");
      append_literal(out, mapping->entries[i].second, depth + 1);
    }
    out.append(mapping->is_namespace ? "}>" : "}");
  } else if (value.is_undefined()) {
    out.append("Undefined");
  } else if (value.is_none()) {
    out.append("None");
  } else if (value.is_bool()) {
    out.append(value.truth() ? "True" : "False");
  } else if (value.is_int()) {
    out.append(std::to_string(value.integer()));
  } else if (value.is_float()) {
    out.append(number_text(value.number(), false));
  } else {
    out.append("<function " + value.function()->name + ">");
  }
}

void new_line(TextBuilder& out, int indent, int depth) {
  out.append("\n");
  out.append(std::string(static_cast<std::size_t>(indent) * static_cast<std::size_t>(depth), ' '));
}

void append_json(TextBuilder& out, const Value& value, int indent, int depth);

// Brackets with `count` members between them; member(i) writes one.
template <class Member>
void append_members(TextBuilder& out, const char* open, const char* close, std::size_t count, int indent, int depth,
                    Member member) {
  out.append(open);
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) out.append(indent < 0 ? ", " : ",");
    if (indent >= 0) new_line(out, indent, depth + 1);
    member(i);
  }
  if (indent >= 0 && count > 0) new_line(out, indent, depth);
  out.append(close);
}

void append_json(TextBuilder& out, const Value& value, int indent, int depth) {
  if (depth > kMostNesting + 2) throw TemplateError("a namespace that contains itself cannot be written");
  if (const std::string* text = value.text()) {
    append_json_text(out, *text);
  } else if (const List* list = value.list()) {
    append_members(out, "[", "]", list->items.size(), indent, depth,
                   [&](std::size_t i) { append_json(out, list->items[i], indent, depth + 1); });
  } else if (const Mapping* mapping = value.mapping(); mapping != nullptr && !mapping->is_namespace) {
    append_members(out, "{", "}", mapping->entries.size(), indent, depth, [&](std::size_t i) {
      const Value& key = mapping->entries[i].first;
      append_json_text(out, key.text() != nullptr ? *key.text() : to_json(key, -1, 1024));
      out.append(": ");
      append_json(out, mapping->entries[i].second, indent, depth + 1);
    });
  } else if (value.is_none()) {
    out.append("null");
  } else if (value.is_bool()) {
    out.append(value.truth() ? "true" : "false");
  } else if (value.is_int()) {
    out.append(std::to_string(value.integer()));
  } else if (value.is_float()) {
    out.append(number_text(value.number(), true));
  } else {
    throw TemplateError(std::string("'") + value.type_name() + "' cannot be written as JSON");
  }
}
}  // namespace

std::string to_text(const Value& value, std::size_t most_bytes) {
  if (const std::string* text = value.text()) return *text;
  if (value.is_undefined()) return {};
  return to_literal(value, most_bytes);
}

std::string to_literal(const Value& value, std::size_t most_bytes) {
  TextBuilder out(most_bytes);
  append_literal(out, value, 0);
  return out.take();
}

std::string to_json(const Value& value, int indent, std::size_t most_bytes) {
  TextBuilder out(most_bytes);
  append_json(out, value, indent, 0);
  return out.take();
}

}  // namespace motet::prompt::jinja
