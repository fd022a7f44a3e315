// What else `negotiate` may be given: inputs that fit what the type declares, so that the host lets them through, and
// that the stage may yet have to refuse.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "verify/subject.hpp"

namespace motet::verify {

struct OtherInputs {
  std::string what;                       // "13 instead of 12 as dimension 1 of the input 'x'"
  std::vector<host::TensorSpec> specs;    // one for each input port
  std::set<std::string, std::less<>> at;  // the ports that are otherwise, or hang together with such by a letter
};

// Other sizes, other numbers of dimensions and other alternatives of each port, one at a time.
std::vector<OtherInputs> other_inputs(const Subject& subject);

}  // namespace motet::verify
