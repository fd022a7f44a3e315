// What `motet test` says of each case.
#pragma once

#include <string>
#include <vector>

namespace motet::report {

struct TestedCase {
  std::string name;
  std::string place;                     // "pipeline.test.yaml:4:3"
  std::vector<std::string> differences;  // a sentence each; none: passed
  std::string error;                     // as people read it, where the run failed otherwise than wanted
  double ms = 0;
  bool passed() const { return differences.empty(); }
};

struct Tested {
  std::string file;
  std::string device;
  std::vector<TestedCase> cases;
  std::size_t failed() const;
};

std::string tested_text(const Tested& tested);
// {"file", "device", "cases": [{"name", "place", "passed", "ms", "differences", "error"}], "passed", "failed"}
std::string tested_json(const Tested& tested);

}  // namespace motet::report
