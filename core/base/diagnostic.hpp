// What is wrong with a pipeline, each with its place, collected rather than thrown one by one.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace motet::base {

// The text of one file, kept so that a diagnostic can show its line. Shared by every Place in it, which may outlive
// the parse; hence shared_ptr.
struct SourceFile {
  std::string path;  // as the user would write it
  std::string text;  // valid UTF-8

  // The 1-based line without its end, "" where there is none.
  std::string_view line(int number) const;
};

// A position in a source file. Lines and columns count from 1; columns count characters (code points), not bytes.
struct Place {
  std::shared_ptr<const SourceFile> file;
  int line = 0;    // 0: unknown
  int column = 0;  // 0: unknown
  int length = 0;  // characters to underline, 0: one caret

  explicit operator bool() const { return file && line > 0; }
  std::string text() const;  // "zero-shot.yaml:7:96", "" where unknown
};

struct Note {
  Place place;  // may be unknown
  std::string text;
};

struct Diagnostic {
  std::string code;  // "M0207", explained by `motet explain`
  Place place;
  std::string message;      // one line
  std::string label;        // what stands under the caret, may be empty
  std::vector<Note> notes;  // the other end, the rule that was broken
  std::string help;         // what to do, may be empty
};

class Diagnostics {
 public:
  Diagnostic& add(std::string code, Place place, std::string message, std::string help = {});
  void add(Diagnostic diagnostic);
  bool empty() const { return list_.empty(); }
  std::size_t size() const { return list_.size(); }
  const std::vector<Diagnostic>& list() const { return list_; }
  void sort();  // by file, line, column; stable

 private:
  std::vector<Diagnostic> list_;
};

// Thrown by a phase that cannot go on; the diagnostics say why.
class DiagnosticsError : public Error {
 public:
  explicit DiagnosticsError(Diagnostics diagnostics);
  const Diagnostics& diagnostics() const { return diagnostics_; }

 private:
  Diagnostics diagnostics_;
};

}  // namespace motet::base
