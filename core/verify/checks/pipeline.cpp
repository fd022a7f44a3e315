// 120: the author's own tests. Only they know what is right.
#include "verify/check.hpp"

namespace motet::verify::families {

std::span<const Check> pipeline() {
  static constexpr Check kChecks[] = {
      {120, "pipeline_tests_pass", "The tests beside a pipeline that uses the plugin pass (`motet test`).",
       "It computes something else than its author promises: a swapped axis, a missing scale, a wrong default.", "kit",
       On::pipeline, kBasic, nullptr},
  };
  return kChecks;
}

}  // namespace motet::verify::families
