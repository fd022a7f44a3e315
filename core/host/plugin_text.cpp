#include "host/plugin_text.hpp"

#include "base/utf8.hpp"

namespace motet::host {

std::string plugin_text(const char* text) {
  constexpr std::size_t kMostMessageBytes = 16384;
  if (text == nullptr) return {};
  std::string out(text);
  if (out.size() > kMostMessageBytes) {
    out.resize(kMostMessageBytes);
    out.resize(out.size() - base::incomplete_tail(out));
  }
  while (const auto bad = base::first_bad_utf8(out)) out[*bad] = '?';
  return out;
}

}  // namespace motet::host
