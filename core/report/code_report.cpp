#include "report/code_report.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "report/json.hpp"

namespace motet::report {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kColumns = 100;

// Puts words into lines of at most kColumns; a line that begins with a space is an example and stays alone.
class Filler {
 public:
  void add(std::string_view line) {
    if (line.empty() || line.front() == ' ') {
      end_line();
      out_ += std::string(line) + "\n";
      return;
    }
    while (!line.empty()) {
      const std::size_t end = std::min(line.find(' '), line.size());
      add_word(line.substr(0, end));
      line.remove_prefix(std::min(end + 1, line.size()));
    }
  }
  std::string take() {
    end_line();
    return std::move(out_);
  }

 private:
  void add_word(std::string_view word) {
    if (column_ > 0 && column_ + 1 + word.size() > kColumns) end_line();
    if (column_ > 0) out_ += ' ';
    out_ += word;
    column_ += word.size() + (column_ > 0 ? 1 : 0);
  }
  void end_line() {
    if (column_ > 0) out_ += '\n';
    column_ = 0;
  }

  std::string out_;
  std::size_t column_ = 0;
};

std::string filled(std::string_view text) {
  Filler filler;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    filler.add(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return filler.take();
}

ordered_json data(const base::CodeInfo& code) {
  return {{"code", code.code}, {"title", code.title}, {"explanation", filled(code.explanation)}};
}

}  // namespace

std::string codes_text(std::span<const base::CodeInfo> codes) {
  std::string out;
  for (const base::CodeInfo& code : codes) out += std::string(code.code) + "  " + std::string(code.title) + "\n";
  return out;
}

std::string codes_json(std::span<const base::CodeInfo> codes) {
  ordered_json all = ordered_json::array();
  for (const base::CodeInfo& code : codes) all.push_back(data(code));
  return json_text({{"codes", std::move(all)}});
}

std::string code_text(const base::CodeInfo& code) {
  return std::string(code.code) + ": " + std::string(code.title) + "\n\n" + filled(code.explanation);
}

std::string code_json(const base::CodeInfo& code) { return json_text(data(code)); }

}  // namespace motet::report
