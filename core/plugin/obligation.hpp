// How messages and `motet explain` call a rule of the contract. core/verify has what each asks.
#pragma once

#include <string>

namespace motet::plugin {

// "C012"
inline std::string obligation_name(int obligation) {
  const std::string digits = std::to_string(obligation);
  return "C" + std::string(digits.size() < 3 ? 3 - digits.size() : 0, '0') + digits;
}

}  // namespace motet::plugin
