#include "spec/places.hpp"

#include <algorithm>

#include "base/utf8.hpp"

namespace motet::spec {
namespace {

std::string_view trimmed_end(std::string_view text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

std::string_view without_comment(std::string_view line) {
  const std::size_t hash = line.find('#');
  if (hash == 0) return {};
  const bool comment = hash != line.npos && (line[hash - 1] == ' ' || line[hash - 1] == '\t');
  return trimmed_end(comment ? line.substr(0, hash) : line);
}

}  // namespace

Places::Places(std::shared_ptr<const base::SourceFile> file) : file_(std::move(file)), starts_{0} {
  for (std::size_t i = 0; i < file_->text.size(); ++i) {
    if (file_->text[i] == '\n') starts_.push_back(i + 1);
  }
}

std::size_t Places::offset(int line, int byte_column) const {
  if (line < 0 || line >= lines()) return file_->text.size();
  const std::size_t begin = starts_[static_cast<std::size_t>(line)];
  return std::min(begin + static_cast<std::size_t>(std::max(byte_column, 0)), file_->text.size());
}

std::size_t Places::offset(const base::Place& place) const {
  std::size_t at = offset(place.line - 1, 0);
  for (int column = 1; column < place.column && at < file_->text.size(); ++column) {
    do ++at;
    while (at < file_->text.size() && (static_cast<unsigned char>(file_->text[at]) & 0xC0) == 0x80);
  }
  return at;
}

std::string_view Places::line(int number) const {
  if (number < 0 || number >= lines()) return {};
  const std::size_t begin = starts_[static_cast<std::size_t>(number)];
  const std::size_t end = number + 1 < lines() ? starts_[static_cast<std::size_t>(number) + 1] - 1 : file_->text.size();
  std::string_view out = std::string_view(file_->text).substr(begin, end - begin);
  if (out.ends_with('\r')) out.remove_suffix(1);
  return out;
}

base::Place Places::at(int line, int byte_column) {
  base::Place place;
  place.file = file_;
  place.line = std::clamp(line, 0, lines() - 1) + 1;
  const std::string_view text = this->line(place.line - 1);
  const std::size_t bytes = std::min(static_cast<std::size_t>(std::max(byte_column, 0)), text.size());
  if (place.line != cached_line_ || bytes < cached_bytes_) {
    cached_line_ = place.line;
    cached_bytes_ = 0;
    cached_characters_ = 0;
  }
  cached_characters_ += static_cast<int>(base::count_characters(text.substr(cached_bytes_, bytes - cached_bytes_)));
  cached_bytes_ = bytes;
  place.column = cached_characters_ + 1;
  return place;
}

base::Place Places::at_offset(std::size_t offset) {
  const auto after = std::upper_bound(starts_.begin(), starts_.end(), offset);
  const auto line = static_cast<int>(after - starts_.begin()) - 1;
  return at(line, static_cast<int>(offset - starts_[static_cast<std::size_t>(line)]));
}

bool Places::byte_is(int line, int byte_column, std::string_view any_of) const {
  const std::size_t at = offset(line, byte_column);
  return at < text().size() && any_of.find(text()[at]) != any_of.npos;
}

bool Places::follows_end_marker(int line) const {
  for (int i = line - 1; i >= 0; --i) {
    const std::string_view content = without_comment(this->line(i));
    if (!content.empty()) return content == "...";
  }
  return false;
}

bool Places::is_null_literal(int line, int byte_column) const {
  const std::string_view rest = text().substr(offset(line, byte_column));
  for (std::string_view literal : {"~", "null", "Null", "NULL"}) {
    if (!rest.starts_with(literal)) continue;
    const std::string_view after = rest.substr(literal.size());
    // A key called null on the next line is not this value.
    if (after.empty() || after.find_first_of(" \t\r\n,]}") == 0) return true;
  }
  return false;
}

bool Places::is_open_quote(int line, int byte_column) const {
  return byte_is(line, byte_column, "\"'") &&
         end_of_quoted(text(), offset(line, byte_column)) == std::string_view::npos;
}

int Places::scalar_length(int line, int byte_column, std::string_view value) const {
  const std::size_t begin = offset(line, byte_column);
  const std::string_view rest = text().substr(begin);
  std::size_t bytes = 0;
  if (rest.starts_with('"') || rest.starts_with('\'')) {
    const std::size_t end = end_of_quoted(text(), begin);
    if (end != std::string_view::npos) bytes = end - begin;
  } else if (rest.starts_with(value)) {
    bytes = value.size();
  }
  const std::string_view source = rest.substr(0, bytes);
  if (source.find('\n') != source.npos) return 0;
  return static_cast<int>(base::count_characters(source));
}

std::optional<base::Place> Places::dash_before(int line, int byte_column) {
  for (int i = std::min(line, lines() - 1); i >= 0; --i) {
    std::string_view content = this->line(i);
    if (i == line)
      content = content.substr(0, std::min(content.size(), static_cast<std::size_t>(std::max(byte_column, 0))));
    content = without_comment(content);
    if (content.find_first_not_of(" \t") == content.npos) continue;
    if (!content.ends_with('-')) return std::nullopt;
    return at(i, static_cast<int>(content.size()) - 1);
  }
  return std::nullopt;
}

std::size_t end_of_quoted(std::string_view text, std::size_t begin) {
  const char quote = text[begin];
  for (std::size_t i = begin + 1; i < text.size(); ++i) {
    if (quote == '"' && text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      if (quote == '"' || i + 1 == text.size() || text[i + 1] != '\'') return i + 1;
      ++i;  // '' is one quote within
    }
  }
  return std::string_view::npos;
}

}  // namespace motet::spec
