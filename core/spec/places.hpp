// From yaml-cpp's marks (lines and byte columns from 0) to places (lines and characters from 1), and what the source
// says there.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/diagnostic.hpp"

namespace motet::spec {

class Places {
 public:
  explicit Places(std::shared_ptr<const base::SourceFile> file);

  base::Place at(int line, int byte_column);
  base::Place at_offset(std::size_t offset);

  std::size_t offset(int line, int byte_column) const;
  std::size_t offset(const base::Place& place) const;
  std::string_view text() const { return file_->text; }
  std::string_view line(int number) const;  // from 0, without its end
  int lines() const { return static_cast<int>(starts_.size()); }

  bool byte_is(int line, int byte_column, std::string_view any_of) const;
  bool line_starts_with(int line, std::string_view prefix) const { return this->line(line).starts_with(prefix); }
  // Whether the last line before this one that is not blank is "...".
  bool follows_end_marker(int line) const;
  // Whether ~ or null stands there as a value.
  bool is_null_literal(int line, int byte_column) const;
  // Whether a quote stands there that is never closed.
  bool is_open_quote(int line, int byte_column) const;
  // Characters that a scalar on one line takes in the source, with its quotes; 0 where it spans lines.
  int scalar_length(int line, int byte_column, std::string_view value) const;
  // The "-" of an empty list item, given where the next token is.
  std::optional<base::Place> dash_before(int line, int byte_column);

 private:
  std::shared_ptr<const base::SourceFile> file_;
  std::vector<std::size_t> starts_;  // byte offset of each line
  // Where the last column was counted: events come in order, and lines may be megabytes.
  int cached_line_ = -1;
  std::size_t cached_bytes_ = 0;
  int cached_characters_ = 0;
};

// The quoted text that begins at `begin` ends behind its closing quote; npos where it is not closed.
std::size_t end_of_quoted(std::string_view text, std::size_t begin);

}  // namespace motet::spec
