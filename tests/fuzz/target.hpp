// What a fuzz target is: a function that takes bytes from a stranger as Motet would, and may do but two things with
// them.
//
// It returns true where they were accepted and false where they were refused in words. Everything else is a finding:
// another exception, a broken promise (require), and what the sanitizers and libFuzzer's limits see.
#pragma once

#include <string_view>

namespace motet::fuzz {

using Target = bool(std::string_view input);

// Ends the program, so that libFuzzer keeps the input, where a promise does not hold.
void require(bool holds, const char* promise);

// The refusal's words must be there, and be text. Returns false, for a target to return.
bool refused(std::string_view message);

// Up to the first `separator`, and what comes after it: of inputs that are two files.
struct Halves {
  std::string_view first, second;
};
inline constexpr char kSeparator = '\x1e';  // stands in no YAML and no JSON
Halves halves(std::string_view input);

}  // namespace motet::fuzz
