#include "report/values.hpp"

#include "report/json.hpp"

namespace motet::report {

std::string value_text(const value::Value& value) {
  if (value.kind() == value::Kind::list) {
    std::string out;
    for (const value::Ref& one : value.list()) out += value_text(*one);
    return out;
  }
  if (value.kind() != value::Kind::text) return json_text(value_data(value));
  return value.text().ends_with('\n') ? value.text() : value.text() + "\n";
}

std::string json_line(const value::Value& value) { return json_text(value_data(value)); }

}  // namespace motet::report
