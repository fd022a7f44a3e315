#include "report/param_notes.hpp"

#include <cmath>
#include <vector>

#include "report/json.hpp"

namespace motet::report {
namespace {

using nlohmann::ordered_json;
using plugin::ParamInfo;

std::string number(double value) {
  const ordered_json out = value == std::floor(value) && std::abs(value) < 1e15
                               ? ordered_json(static_cast<std::int64_t>(value))
                               : ordered_json(value);
  return out.dump();
}

std::string range_text(const ParamInfo& param) {
  if (param.kind != MOTET_PARAM_INT && param.kind != MOTET_PARAM_FLOAT) {
    std::string out;
    for (const std::string& choice : param.choices) out += (out.empty() ? "one of " : ", ") + choice;
    return out;
  }
  if (std::isfinite(param.minimum) && std::isfinite(param.maximum))
    return number(param.minimum) + " to " + number(param.maximum);
  if (std::isfinite(param.minimum)) return "at least " + number(param.minimum);
  if (std::isfinite(param.maximum)) return "at most " + number(param.maximum);
  return {};
}

std::string param_notes(const ParamInfo& param) {
  std::vector<std::string> notes;
  if (param.required) notes.emplace_back("required");
  if (param.otherwise) notes.push_back("default " + (param.otherwise->empty() ? std::string("''") : *param.otherwise));
  if (const std::string range = range_text(param); !range.empty()) notes.push_back(range);
  std::string out;
  for (const std::string& note : notes) out += (out.empty() ? "" : "; ") + note;
  return out;
}

}  // namespace

std::string described(const ParamInfo& param) {
  const std::string notes = param_notes(param);
  if (notes.empty() || param.help.empty()) return notes.empty() ? param.help : "(" + notes + ")";
  return param.help + " (" + notes + ")";
}

std::string described(const plugin::AttributeInfo& attribute) {
  ParamInfo same;
  same.help = attribute.help;
  same.kind = MOTET_PARAM_FLOAT;
  if (attribute.kind == MOTET_ATTRIBUTE_INTEGER) same.kind = MOTET_PARAM_INT;
  same.required = attribute.required;
  if (!attribute.required) same.otherwise = number(attribute.otherwise);
  same.minimum = attribute.minimum;
  same.maximum = attribute.maximum;
  return described(same);
}

}  // namespace motet::report
