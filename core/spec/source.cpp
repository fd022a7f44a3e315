// Files to sources: what must hold before a YAML parser may see the text.
#include <algorithm>

#include "base/mapped_file.hpp"
#include "base/utf8.hpp"
#include "spec/document.hpp"

namespace motet::spec {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// A character that YAML does not allow, and that yaml-cpp takes for another encoding or for the end of the file; or a
// carriage return alone, which one counts as a line and the other does not.
std::optional<std::size_t> first_control(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c == '\r' && (i + 1 == text.size() || text[i + 1] != '\n')) return i;
    if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F) return i;
  }
  return std::nullopt;
}

// The text with each byte that is not UTF-8 replaced, so that a diagnostic can show its line.
std::string shown_text(std::string_view text) {
  std::string out;
  while (const std::optional<std::size_t> bad = base::first_bad_utf8(text)) {
    out.append(text.substr(0, *bad)).append("\xEF\xBF\xBD");
    text.remove_prefix(*bad + 1);
  }
  return out.append(text);
}

base::Place place_at(const std::shared_ptr<const base::SourceFile>& file, std::string_view before) {
  base::Place place;
  place.file = file;
  place.line = 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n'));
  const std::size_t newline = before.rfind('\n');
  const std::string_view line = newline == before.npos ? before : before.substr(newline + 1);
  place.column = 1 + static_cast<int>(base::count_characters(line));
  return place;
}

std::string hexadecimal(char c) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  return {'0', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
}

}  // namespace

std::shared_ptr<const base::SourceFile> check_source(std::string shown, std::string text,
                                                     base::Diagnostics& diagnostics) {
  auto file = std::make_shared<base::SourceFile>();
  file->path = std::move(shown);
  if (text.size() > kMostBytes) {
    diagnostics.add("M0007", {file, 0, 0, 0},
                    "the file has " + std::to_string(text.size()) + " bytes, more than the " +
                        std::to_string(kMostBytes) + " that are read",
                    "put data into files of its own and name their paths");
    return nullptr;
  }
  const std::size_t skipped = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  text.erase(0, skipped);
  const std::optional<std::size_t> bad = base::first_bad_utf8(text);
  const std::optional<std::size_t> control = first_control(std::string_view(text).substr(0, bad.value_or(text.size())));
  if (!bad && !control) {
    file->text = std::move(text);
    return file;
  }
  const std::size_t offset = control ? *control : *bad;
  const std::string what = control ? "the control character " : "not UTF-8: the byte ";
  file->text = shown_text(text);
  diagnostics.add("M0001", place_at(file, shown_text(std::string_view(text).substr(0, offset))),
                  what + hexadecimal(text[offset]) + " at byte offset " + std::to_string(offset + skipped),
                  !control               ? "save the file as UTF-8"
                  : text[offset] == '\r' ? "end lines with a line feed, or with both"
                                         : "remove it; the file must be UTF-8 text");
  return nullptr;
}

std::shared_ptr<const base::SourceFile> read_source(const std::filesystem::path& path, base::Diagnostics& diagnostics,
                                                    std::string shown) {
  if (shown.empty()) shown = path.string();
  const base::MappedFile file(path);
  const auto bytes = file.bytes().first(std::min(file.bytes().size(), kMostBytes + 1));
  return check_source(std::move(shown), {reinterpret_cast<const char*>(bytes.data()), bytes.size()}, diagnostics);
}

std::optional<Node> load_document(const std::filesystem::path& path, base::Diagnostics& diagnostics,
                                  std::string shown) {
  const auto file = read_source(path, diagnostics, std::move(shown));
  if (!file) return std::nullopt;
  return parse_document(file, diagnostics);
}

base::Place place_of_dollar(const Node& scalar, std::size_t index, int length) {
  const base::Place& start = scalar.place;
  if (!start || start.column <= 0) return start;
  const std::string_view text = start.file->text;
  const std::string_view line = start.file->line(start.line);
  if (line.empty()) return start;
  auto offset = static_cast<std::size_t>(line.data() - text.data());
  for (int column = 1; column < start.column && offset < text.size(); ++column) {
    do ++offset;
    while (offset < text.size() && (static_cast<unsigned char>(text[offset]) & 0xC0) == 0x80);
  }
  // Escapes never contain "${", so the value's n-th one is the source's n-th one, however the scalar is quoted.
  std::size_t found = text.find("${", offset);
  for (std::size_t i = 0; i < index && found != text.npos; ++i) found = text.find("${", found + 2);
  if (found == text.npos) return start;
  base::Place place = place_at(start.file, text.substr(0, found));
  place.length = length;
  return place;
}

}  // namespace motet::spec
