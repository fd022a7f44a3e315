#include "spec/test_file.hpp"

#include <algorithm>
#include <system_error>

#include "base/error.hpp"
#include "spec/document.hpp"
#include "spec/fields.hpp"

namespace motet::spec {
namespace {

namespace fs = std::filesystem;
constexpr std::int64_t kVersion = 1;

std::vector<Argument> read_arguments(const Fields& fields, const char* key, const std::string& what,
                                     base::Diagnostics& diagnostics) {
  std::vector<Argument> out;
  const Node* map = fields.map(key, "write '" + std::string(key) + ": {name: value}'");
  if (map == nullptr) return out;
  for (const Entry& entry : map->entries) out.push_back({name_of(entry, what, diagnostics), entry.value});
  return out;
}

// The value itself, or {value: ..., tolerance: ...}: no output is a map of its own.
Expected read_expected(const Entry& entry, base::Diagnostics& diagnostics) {
  Expected out{name_of(entry, "an output's name", diagnostics), entry.value, 0};
  if (!entry.value.is_map()) return out;
  const Fields fields(entry.value, "what is expected", {"value", "tolerance"}, diagnostics);
  if (const Node* value = fields.require("value", entry.value.place, "write {value: [0.5, 1], tolerance: 1e-4}"))
    out.value = *value;
  if (const Node* tolerance = fields.find("tolerance")) {
    const std::optional<double> number = as_float(*tolerance);
    if (number && *number >= 0) {
      out.tolerance = *number;
    } else {
      diagnostics.add("M0018", tolerance->place, "'tolerance' is wanted as a number, 0 or more",
                      "write, for example, 'tolerance: 1e-4'");
    }
  }
  return out;
}

std::optional<ExpectedError> read_error(const Node& node, base::Diagnostics& diagnostics) {
  if (node.is_scalar()) return ExpectedError{"", node.text};
  if (!node.is_map()) {
    refuse_kind(node, "'error'", "a part of the message, or a map", "write 'error: {code: M0026}'", diagnostics);
    return std::nullopt;
  }
  const Fields fields(node, "an error", {"code", "message"}, diagnostics);
  return ExpectedError{fields.text("code").text, fields.text("message").text};
}

TestCase read_case(const Entry& entry, const std::vector<Argument>& shared, base::Diagnostics& diagnostics) {
  TestCase out;
  out.name = name_of(entry, "a case's name", diagnostics);
  if (!entry.value.is_map()) {
    refuse_kind(entry.value, "a case", "a map", "write, for example, '" + entry.key + ": {in: {x: 1}, out: {y: 2}}'",
                diagnostics);
    return out;
  }
  const Fields fields(entry.value, "a case", {"params", "in", "out", "error"}, diagnostics);
  out.params = read_arguments(fields, "params", "a parameter's name", diagnostics);
  for (const Argument& argument : shared) {
    const bool own = std::any_of(out.params.begin(), out.params.end(),
                                 [&](const Argument& one) { return one.name.text == argument.name.text; });
    if (!own) out.params.push_back(argument);
  }
  out.in = read_arguments(fields, "in", "an input's name", diagnostics);
  const Node* outputs = fields.map("out", "write 'out: {output: value}'");
  const Node* error = fields.find("error");
  if (outputs != nullptr) {
    for (const Entry& one : outputs->entries) out.out.push_back(read_expected(one, diagnostics));
  }
  if (error != nullptr) out.error = read_error(*error, diagnostics);
  if ((entry.value.find("out") == nullptr || (outputs != nullptr && outputs->entries.empty())) && error == nullptr) {
    diagnostics.add("M0030", out.name.place, "the case '" + entry.key + "' expects nothing",
                    "add 'out:' with an output and its value, or 'error:' with a part of the message");
  } else if (outputs != nullptr && error != nullptr) {
    diagnostics.add("M0030", error->place, "the case '" + entry.key + "' expects outputs and an error",
                    "a run gives one of the two: remove 'out' or 'error'");
  }
  return out;
}

void check_version(const Fields& fields, const Node& document, base::Diagnostics& diagnostics) {
  const Node* version = fields.require("motet-test", document.place, "begin the file with 'motet-test: 1'");
  if (version != nullptr && as_int(*version) != kVersion) {
    diagnostics.add("M0014", version->place, "this Motet reads version 1 of tests", "write 'motet-test: 1'");
  }
}

}  // namespace

fs::path test_file_of(const fs::path& pipeline) {
  fs::path out = pipeline;
  out.replace_extension(".test.yaml");
  return out;
}

std::optional<TestFile> load_tests(const fs::path& path, base::Diagnostics& diagnostics) {
  std::error_code ignored;
  if (!fs::exists(path, ignored)) {
    base::fail(base::ErrorKind::user, path.string() + ": the pipeline has no tests",
               "write them there; docs/pipelines.md has an example");
  }
  const std::optional<Node> document = load_document(path, diagnostics);
  if (!document) return std::nullopt;
  TestFile out;
  out.path = path;
  if (!document->is_map()) {
    refuse_kind(*document, "the file", "a map", "tests begin with 'motet-test: 1'", diagnostics);
    return out;
  }
  const Fields fields(*document, "a file of tests", {"motet-test", "needs", "params", "cases"}, diagnostics);
  check_version(fields, *document, diagnostics);
  if (const Node* needs = fields.map("needs", "write 'needs: {parameter: what it is}'")) {
    for (const Entry& entry : needs->entries) {
      if (!entry.value.is_scalar()) refuse_kind(entry.value, "what is needed", "text", "", diagnostics);
      out.needs.emplace_back(name_of(entry, "a parameter's name", diagnostics), entry.value.text);
    }
  }
  const std::vector<Argument> shared = read_arguments(fields, "params", "a parameter's name", diagnostics);
  fields.require("cases", document->place, "add 'cases:' with one or more");
  const Node* cases = fields.map("cases", "write 'cases: {name: {in: {x: 1}, out: {y: 2}}}'");
  if (cases == nullptr) return out;
  if (cases->entries.empty()) diagnostics.add("M0012", cases->place, "tests need at least one case");
  for (const Entry& entry : cases->entries) out.cases.push_back(read_case(entry, shared, diagnostics));
  return out;
}

}  // namespace motet::spec
