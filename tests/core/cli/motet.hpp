// The real program, with the plugins of these tests.
#pragma once

#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/command.hpp"
#include "support/little/counting.hpp"

namespace motet::test {

inline const std::string kMotet = MOTET_BINARY_DIR "/bin/motet";

inline std::vector<std::string> motet_words(const std::vector<std::string>& arguments) {
  std::vector<std::string> out{kMotet};
  out.insert(out.end(), arguments.begin(), arguments.end());
  return out;
}

// `arguments` and nothing else: the plugins that Motet ships.
inline Said motet_alone(const std::vector<std::string>& arguments, const std::string& input = {}) {
  return Command(motet_words(arguments), input).finish();
}

// With environment variables, "NAME=VALUE".
inline Said motet_within(const std::vector<std::string>& environment, const std::vector<std::string>& arguments) {
  std::vector<std::string> words{"/usr/bin/env"};
  words.insert(words.end(), environment.begin(), environment.end());
  const std::vector<std::string> rest = motet_words(arguments);
  words.insert(words.end(), rest.begin(), rest.end());
  return Command(words).finish();
}

// With the plugin of tests/support/little.
inline Said motet_little(std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), {"--plugins", MOTET_BINARY_DIR "/tests/little"});
  return motet_alone(arguments);
}

// What a verb that is all well says: its stdout; nothing goes to stderr.
inline std::string well(const Said& said) {
  INFO(said.err);
  CHECK(said.err.empty());
  REQUIRE(said.status == 0);
  return said.out;
}

inline std::string counting(const TemporaryFolder& folder) {
  return folder.write("counting.yaml", little::kCounting).string();
}

}  // namespace motet::test
