// Trials find what is wrong, and nothing where all is right.
#include <algorithm>

#include "faults/trials.hpp"
#include "faults/wrong_scenes.hpp"
#include "support/catch.hpp"

using namespace motet::test;

TEST_CASE("what a scene does wrong is found") {
  for (const WrongScene& scene : wrong_scenes()) {
    INFO(scene.name);
    const Trials trials = try_faults(scene.make, MOTET_FAULT_ALLOCATION, {.limit_s = 1});
    CHECK(trials.calls > 0);
    CHECK(trials.tried == trials.stacks);
    if (scene.found.empty()) {
      for (const Finding& finding : trials.findings) FAIL_CHECK(finding.what);
      continue;
    }
    const bool found = std::any_of(trials.findings.begin(), trials.findings.end(), [&](const Finding& finding) {
      return finding.what.find(scene.found) != std::string::npos;
    });
    std::string all;
    for (const Finding& finding : trials.findings) all += finding.what + "\n";
    INFO(trials.calls << " calls, " << trials.tried << " tried: " << all);
    CHECK(found);
  }
}
