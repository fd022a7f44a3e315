#include "verify/sightings.hpp"

#include <algorithm>

#include "verify/check.hpp"

namespace motet::verify {
namespace {

// Whether the outcome is of the check that the sighting is for: of the same type, the file, or the operation that the
// message names, whichever stage used it.
bool is_of(const Outcome& one, const Sighting& sighting, const std::string& type) {
  return one.number == sighting.number && (one.type == type || one.type.empty() ||
                                           sighting.message.find("operation '" + one.type + "'") != std::string::npos);
}

}  // namespace

void place_sightings(std::vector<Outcome>& outcomes) {
  std::vector<Outcome> added;
  for (Outcome& seen_in : outcomes) {
    for (const Sighting& sighting : seen_in.sightings) {
      const auto same = [&](const Outcome& one) { return is_of(one, sighting, seen_in.type); };
      const auto its = std::ranges::find_if(outcomes, same);
      const std::string message = "seen while " + check_name(seen_in.number) + " was tried: " + sighting.message;
      if (its != outcomes.end()) {
        if (!its->bad()) {
          its->verdict = Verdict::failed;
          its->message = message;
        }
      } else if (std::ranges::none_of(added, same)) {
        added.push_back({sighting.number, seen_in.type, seen_in.setup, Verdict::failed, message, 0, {}});
      }
    }
    seen_in.sightings.clear();
  }
  outcomes.insert(outcomes.end(), added.begin(), added.end());
}

}  // namespace motet::verify
