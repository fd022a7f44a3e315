#include "verify/setup.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/mapped_file.hpp"
#include "graph/flatten.hpp"

namespace motet::verify {
namespace {

namespace fs = std::filesystem;

std::vector<spec::TestCase> good_cases(const fs::path& pipeline) {
  const fs::path file = spec::test_file_of(spec::pipeline_file(pipeline));
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return {};
  base::Diagnostics diagnostics;
  std::optional<spec::TestFile> tests = spec::load_tests(file, diagnostics);
  if (!diagnostics.empty()) throw base::DiagnosticsError(std::move(diagnostics));
  std::erase_if(tests->cases, [](const spec::TestCase& one) { return one.error.has_value(); });
  return std::move(tests->cases);
}

// Where each parameter was written: cases with equal ones were given the same.
std::string parameters_of(const spec::TestCase& one) {
  std::string out;
  for (const spec::Argument& argument : one.params) out += argument.name.place.text() + " ";
  return out;
}

void collect(const graph::FlatStage& stage, const plugin::Registry& registry, const std::string& plugin,
             const Setup& pattern, std::vector<std::pair<std::string, Setup>>& out) {
  const plugin::Found found = registry.find(stage.spec->use.text);
  if (found.type != nullptr && found.type->plugin == plugin) {
    Setup setup = pattern;
    setup.stage = stage.name;
    out.emplace_back(found.type->id, std::move(setup));
  }
  for (const graph::FlatStage& filler : stage.fillers) collect(filler, registry, plugin, pattern, out);
}

}  // namespace

std::vector<fs::path> listed_pipelines(const fs::path& library) {
  const fs::path file = library.parent_path() / (library.stem().string() + ".verify.json");
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return {};
  const nlohmann::json data = nlohmann::json::parse(base::read_file(file), nullptr, false);
  const bool list = data.is_object() && data.contains("pipelines") && data["pipelines"].is_array();
  if (!list)
    base::fail(base::ErrorKind::user, file.string() + ": it is not {\"pipelines\": [...]}",
               "motet_plugin_tests(NAME PIPELINE...) in CMakeLists.txt writes it");
  std::vector<fs::path> out;
  for (const nlohmann::json& one : data["pipelines"]) {
    if (!one.is_string()) base::fail(base::ErrorKind::user, file.string() + ": a pipeline is no text");
    out.emplace_back(one.get<std::string>());
  }
  return out;
}

std::vector<std::pair<std::string, Setup>> setups_of(const fs::path& pipeline, const std::vector<std::string>& set,
                                                     const plugin::Registry& registry, const std::string& plugin) {
  Setup pattern;
  pattern.pipeline = fs::absolute(spec::pipeline_file(pipeline)).lexically_normal();
  const std::vector<spec::TestCase> cases = good_cases(pattern.pipeline);
  if (!cases.empty()) pattern.test = cases.front().name.text;
  base::Diagnostics diagnostics;
  const std::optional<graph::Flat> flat = graph::flatten(pattern.pipeline, given_of(pattern, set), diagnostics);
  if (!diagnostics.empty()) throw base::DiagnosticsError(std::move(diagnostics));
  std::vector<std::pair<std::string, Setup>> out;
  for (const graph::FlatStage& stage : flat->stages) collect(stage, registry, plugin, pattern, out);
  return out;
}

std::vector<spec::TestCase> cases_of(const Setup& setup) {
  std::vector<spec::TestCase> cases = setup.derived ? std::vector<spec::TestCase>() : good_cases(setup.pipeline);
  const auto own =
      std::find_if(cases.begin(), cases.end(), [&](const spec::TestCase& one) { return one.name.text == setup.test; });
  if (own == cases.end()) return {};
  std::rotate(cases.begin(), own, own + 1);
  const std::string parameters = parameters_of(cases.front());
  std::erase_if(cases, [&](const spec::TestCase& one) { return parameters_of(one) != parameters; });
  return cases;
}

spec::GivenParams given_of(const Setup& setup, const std::vector<std::string>& set) {
  spec::GivenParams given;
  for (const std::string& text : set) {
    auto [name, value] = spec::parse_set(text);
    given.insert_or_assign(name, std::move(value));
  }
  const std::vector<spec::TestCase> cases = cases_of(setup);
  if (cases.empty()) return given;
  const fs::path folder = fs::absolute(setup.pipeline).parent_path();
  for (const spec::Argument& argument : cases.front().params)
    given.try_emplace(argument.name.text, spec::Given{argument.value, argument.name.place, folder});
  return given;
}

}  // namespace motet::verify
