#include "report/test_report.hpp"

#include <algorithm>
#include <cstdio>

#include "report/json.hpp"

namespace motet::report {
namespace {

std::string duration(double ms) {
  char text[32];
  std::snprintf(text, sizeof text, "%.0f ms", ms);
  return text;
}

std::string indented(const std::string& text) {
  std::string out;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    out += "        " + text.substr(begin, end - begin) + "\n";
    begin = end + 1;
  }
  return out;
}

}  // namespace

std::size_t Tested::failed() const {
  return static_cast<std::size_t>(
      std::count_if(cases.begin(), cases.end(), [](const TestedCase& one) { return !one.passed(); }));
}

std::string tested_text(const Tested& tested) {
  std::string out = tested.file + "\n";
  for (const TestedCase& one : tested.cases) {
    out += one.passed() ? "  ok    " : "  FAIL  ";
    out += one.name + "  (" + duration(one.ms) + (one.passed() ? "" : ", " + one.place) + ")\n";
    for (const std::string& difference : one.differences) out += indented(difference);
    out += indented(one.error);
  }
  const std::size_t count = tested.cases.size();
  out += std::to_string(count) + (count == 1 ? " case, " : " cases, ");
  return out + (tested.failed() == 0 ? "all as expected\n" : std::to_string(tested.failed()) + " not as expected\n");
}

std::string tested_json(const Tested& tested) {
  nlohmann::ordered_json cases = nlohmann::ordered_json::array();
  for (const TestedCase& one : tested.cases) {
    nlohmann::ordered_json written{{"name", one.name},
                                   {"place", one.place},
                                   {"passed", one.passed()},
                                   {"ms", one.ms},
                                   {"differences", one.differences}};
    if (!one.error.empty()) written["error"] = one.error;
    cases.push_back(std::move(written));
  }
  return json_text({{"file", tested.file},
                    {"device", tested.device},
                    {"cases", std::move(cases)},
                    {"passed", tested.cases.size() - tested.failed()},
                    {"failed", tested.failed()}});
}

}  // namespace motet::report
