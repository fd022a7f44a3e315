// What the conformance kit found, and the list of what it asks.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "verify/check.hpp"
#include "verify/kit.hpp"

namespace motet::report {

std::string verified_text(const verify::Verified& verified);
// {"library", "plugin", "seed", "strictness", "ms", "passed", "failed", "skipped", "crashed", "timed_out", "outcomes":
// [{"check", "slug", "type", "setup", "verdict", "message", "ms"}]}
std::string verified_json(const verify::Verified& verified);
// JUnit's XML: a testsuite for each stage type, a testcase for each check.
std::string verified_junit(const verify::Verified& verified);

// What would be tried (--list).
std::string planned_text(const std::vector<verify::Planned>& planned);

std::string checks_text(std::span<const verify::Check> checks);
// {"checks": [{"check", "slug", "asks", "otherwise", "enforced", "on", "strictness"}]}
std::string checks_json(std::span<const verify::Check> checks);
std::string check_text(const verify::Check& check);
std::string check_json(const verify::Check& check);
// docs/obligations.md.
std::string checks_page(std::span<const verify::Check> checks);

}  // namespace motet::report
