// What came of a check.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace motet::verify {

enum class Verdict : std::uint8_t { passed, failed, skipped, crashed, timed_out };
std::string_view name(Verdict verdict);  // "timed out"
// The other way; `skipped` where it is none.
Verdict verdict_named(std::string_view name);

// A rule that was seen broken while another one was tried.
struct Sighting {
  int number = 0;
  std::string message;
};

struct Outcome {
  int number = 0;
  std::string type;   // the stage type's or operation's id; empty: the file as a whole, or a pipeline
  std::string setup;  // as Setup::text(); empty where the check needs none
  Verdict verdict = Verdict::skipped;
  std::string message;  // why it failed or was skipped, the signal and the last call into the plugin
  double ms = 0;
  std::vector<Sighting> sightings;

  bool bad() const { return verdict != Verdict::passed && verdict != Verdict::skipped; }
};

}  // namespace motet::verify
