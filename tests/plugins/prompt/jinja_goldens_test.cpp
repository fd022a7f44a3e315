// The template engine against what the reference's engine made of the same templates (tests/parity/goldens).
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "prompt/jinja.hpp"
#include "support/catch.hpp"

namespace {

using Json = nlohmann::ordered_json;
using motet::prompt::jinja::Template;
using motet::prompt::jinja::TemplateError;
using motet::prompt::jinja::Value;
using Variables = std::vector<std::pair<std::string, Value>>;

Value value_of(const Json& json) {
  if (json.is_boolean()) return json.get<bool>();
  if (json.is_number_integer()) return json.get<std::int64_t>();
  if (json.is_number()) return json.get<double>();
  if (json.is_string()) return json.get<std::string>();
  if (json.is_array()) {
    std::vector<Value> items;
    for (const Json& item : json) items.push_back(value_of(item));
    return Value::list(std::move(items));
  }
  if (json.is_object()) {
    std::vector<std::pair<Value, Value>> entries;
    for (const auto& [key, value] : json.items()) entries.emplace_back(Value(key), value_of(value));
    return Value::mapping(std::move(entries));
  }
  return {};
}

void add(Variables& variables, const Json& object) {
  for (const auto& [key, value] : object.items()) variables.emplace_back(key, value_of(value));
}

const Json& goldens() {
  static const Json all = Json::parse(std::ifstream(MOTET_SOURCE_DIR "/tests/parity/goldens/chat_templates.json"));
  return all;
}

// What came out; "refused: <message>" where the engine refused.
std::string outcome(const std::string& source, const Variables& variables) {
  try {
    return Template(source).render(variables);
  } catch (const TemplateError& error) {
    return std::string("refused: ") + error.what();
  }
}

void compare(const Json& golden, const std::string& source, const Variables& variables) {
  INFO(source);
  const std::string made = outcome(source, variables);
  if (golden.contains("text")) {
    CHECK(made == golden["text"].get<std::string>());
  } else if (golden["error"] == "TemplateError") {
    CHECK(made == "refused: " + golden["message"].get<std::string>());
  } else {
    CHECK(made.rfind("refused: ", 0) == 0);
  }
}
}  // namespace

TEST_CASE("whole chat templates give the reference's text") {
  std::map<std::string, std::string> sources;
  for (const Json& one : goldens()["templates"]) sources[one["name"]] = one["source"];
  REQUIRE(goldens()["cases"].size() >= 40);
  for (const Json& golden : goldens()["cases"]) {
    Variables variables;
    add(variables, goldens()["settings"]);
    add(variables, golden["settings"]);
    variables.emplace_back("messages", value_of(golden["messages"]));
    compare(golden, sources.at(golden["template"]), variables);
  }
}

TEST_CASE("pieces of the template language give the reference's text") {
  Variables variables;
  add(variables, goldens()["variables"]);
  REQUIRE(goldens()["pieces"].size() >= 70);
  for (const Json& golden : goldens()["pieces"]) compare(golden, golden["source"], variables);
}
