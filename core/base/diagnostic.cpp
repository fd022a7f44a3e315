#include "base/diagnostic.hpp"

#include <algorithm>
#include <tuple>

namespace motet::base {

std::string_view SourceFile::line(int number) const {
  std::size_t begin = 0;
  for (int i = 1; i < number; ++i) {
    begin = text.find('\n', begin);
    if (begin == std::string::npos) return {};
    ++begin;
  }
  std::size_t end = text.find('\n', begin);
  if (end == std::string::npos) end = text.size();
  if (end > begin && text[end - 1] == '\r') --end;
  return std::string_view(text).substr(begin, end - begin);
}

std::string Place::text() const {
  if (!file) return {};
  if (line <= 0) return file->path;
  std::string out = file->path + ":" + std::to_string(line);
  if (column > 0) out += ":" + std::to_string(column);
  return out;
}

Diagnostic& Diagnostics::add(std::string code, Place place, std::string message, std::string help) {
  Diagnostic diagnostic;
  diagnostic.code = std::move(code);
  diagnostic.place = std::move(place);
  diagnostic.message = std::move(message);
  diagnostic.help = std::move(help);
  list_.push_back(std::move(diagnostic));
  return list_.back();
}

void Diagnostics::add(Diagnostic diagnostic) { list_.push_back(std::move(diagnostic)); }

void Diagnostics::sort() {
  const auto key = [](const Diagnostic& d) {
    return std::make_tuple(d.place.file ? std::string_view(d.place.file->path) : std::string_view(), d.place.line,
                           d.place.column);
  };
  std::stable_sort(list_.begin(), list_.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
}

namespace {
std::string first_line(const Diagnostics& diagnostics) {
  if (diagnostics.empty()) return "the pipeline is wrong";
  const Diagnostic& first = diagnostics.list().front();
  std::string out = first.place.text();
  if (!out.empty()) out += ": ";
  out += "error[" + first.code + "]: " + first.message;
  if (diagnostics.size() > 1) out += " (and " + std::to_string(diagnostics.size() - 1) + " more)";
  return out;
}
}  // namespace

DiagnosticsError::DiagnosticsError(Diagnostics diagnostics)
    : Error(ErrorKind::user, first_line(diagnostics)), diagnostics_(std::move(diagnostics)) {}

}  // namespace motet::base
