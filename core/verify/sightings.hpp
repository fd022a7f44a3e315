// Rules that were seen broken while others were tried.
#pragma once

#include <vector>

#include "verify/outcome.hpp"

namespace motet::verify {

// Makes each sighting the failure of its own check, if that did not find it itself, and leaves none.
void place_sightings(std::vector<Outcome>& outcomes);

}  // namespace motet::verify
