#include "report/scaffold_report.hpp"

#include "report/json.hpp"

namespace motet::report {

std::string scaffold_text(const scaffold::Order& order, const std::vector<std::filesystem::path>& files) {
  std::string out = order.name + ": a plugin of kind " + order.kind + "\n";
  for (const std::filesystem::path& file : files) out += "  " + file.string() + "\n";
  return out + "next:\n  cd " + order.name +
         " && cmake -B build && cmake --build build && ctest --test-dir build\n"
         "  motet run pipeline.yaml --plugins build\n";
}

std::string scaffold_json(const scaffold::Order& order, const std::vector<std::filesystem::path>& files) {
  nlohmann::ordered_json names = nlohmann::ordered_json::array();
  for (const std::filesystem::path& file : files) names.push_back(file.string());
  return json_text({{"folder", order.name}, {"kind", order.kind}, {"language", order.language}, {"files", names}});
}

}  // namespace motet::report
