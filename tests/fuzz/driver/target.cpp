#include "fuzz/target.hpp"

#include <cstdio>
#include <cstdlib>

#include "base/utf8.hpp"

namespace motet::fuzz {

void require(bool holds, const char* promise) {
  if (holds) return;
  std::fprintf(stderr, "a promise does not hold: %s\n", promise);
  std::abort();
}

bool refused(std::string_view message) {
  require(!message.empty(), "a refusal says why");
  if (base::first_bad_utf8(message)) std::fprintf(stderr, "%.*s\n", static_cast<int>(message.size()), message.data());
  require(!base::first_bad_utf8(message), "a refusal is text, whatever bytes it speaks of");
  return false;
}

Halves halves(std::string_view input) {
  const std::size_t at = input.find(kSeparator);
  if (at == std::string_view::npos) return {input, {}};
  return {input.substr(0, at), input.substr(at + 1)};
}

}  // namespace motet::fuzz
