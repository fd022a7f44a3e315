#include "spec/expand.hpp"

#include <algorithm>
#include <cstdlib>

#include "base/error.hpp"
#include "base/nearest.hpp"
#include "base/utf8.hpp"
#include "spec/document.hpp"
#include "spec/params.hpp"
#include "spec/substitution.hpp"

namespace motet::spec {
namespace {

namespace fs = std::filesystem;

// A path parameter no longer needs to know where it was written: absolute, it means the same in every file.
void make_paths(ParamValue& value, const fs::path& folder) {
  if (auto* list = std::get_if<std::vector<ParamValue>>(&value.data)) {
    for (ParamValue& item : *list) make_paths(item, folder);
  } else if (auto* text = std::get_if<std::string>(&value.data)) {
    if (!text->empty()) *text = fs::absolute(folder / *text).lexically_normal().string();
  }
}

// On the command line everything is plain text: a list's brackets are read here, once it is known to be a list.
Node read_list(const Node& node) {
  if (!node.is_scalar()) return node;
  base::Diagnostics ignored;
  const auto source = check_source("", node.text, ignored);
  if (!source) return node;
  std::optional<Node> parsed = parse_document(source, ignored);
  if (!parsed || !ignored.empty() || !parsed->is_list()) return node;
  for (Node& item : parsed->items) item.place = node.place;
  return std::move(*parsed);
}

std::string shown(const Node& node) {
  return node.is_scalar() ? "'" + node.text + "'" : std::string(kind_name(node.kind));
}

void check_known(const PipelineSpec& pipeline, const GivenParams& given, base::Diagnostics& diagnostics) {
  if (pipeline.stages.empty() && pipeline.outputs.empty()) return;  // no pipeline could be read, which has been said
  std::vector<std::string> known;
  known.reserve(pipeline.params.size());
  for (const ParamSpec& param : pipeline.params) known.push_back(param.name.text);
  for (const auto& [name, value] : given) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    diagnostics.add("M0027", value.name_place, "the pipeline '" + pipeline.name + "' has no parameter '" + name + "'",
                    known.empty() ? "it has no parameters" : base::suggestion(name, known));
  }
}

std::optional<ParamValue> bind(const ParamSpec& param, const Node& node, const fs::path& folder,
                               base::Diagnostics& diagnostics) {
  std::optional<ParamValue> value = typed(param, node);
  if (!value) {
    diagnostics.add("M0025", node.place,
                    "the parameter '" + param.name.text + "' is " + shown(node) + ", wanted " + type_words(param),
                    "write " + words_and_example(param) + (param.help.empty() ? "" : " (" + param.help + ")"));
    return std::nullopt;
  }
  if (const std::string wrong = misfit(param, *value); !wrong.empty()) {
    base::Diagnostic& diagnostic =
        diagnostics.add("M0026", node.place, "the parameter '" + param.name.text + "' " + wrong);
    diagnostic.notes.push_back({param.name.place, "declared here"});
    return std::nullopt;
  }
  if (param.type == ParamType::path) make_paths(*value, folder);
  return value;
}

// A parameter without a value that would do: what refers to it is not complained about again.
ParamValue stand_in(const ParamSpec& param) {
  if (param.list) return {std::vector<ParamValue>()};
  switch (param.type) {
    case ParamType::integer:
      return {std::int64_t{0}};
    case ParamType::floating:
      return {0.0};
    case ParamType::boolean:
      return {false};
    default:
      return {std::string()};
  }
}

void expand_text(Text& text, Substitution& substitution) {
  if (text.empty()) return;
  text.text = substitution.text(Node::scalar(text.text, true, text.place));
}

void expand_stage(StageSpec& stage, Substitution& substitution) {
  expand_text(stage.use, substitution);
  expand_text(stage.include, substitution);
  for (Argument& argument : stage.with) argument.value = substitution.node(argument.value);
  if (stage.weights) {
    expand_text(stage.weights->from, substitution);
    expand_text(stage.weights->prefix, substitution);
  }
  for (StageSpec& filler : stage.slots) expand_stage(filler, substitution);
}

}  // namespace

std::pair<std::string, Given> parse_set(std::string_view text) {
  const std::size_t equals = text.find('=');
  const std::string name(text.substr(0, equals));
  if (equals == text.npos || !is_name(name)) {
    base::fail(base::ErrorKind::user, "--set " + std::string(text) + ": wanted name=value");
  }
  if (const auto bad = base::first_bad_utf8(text)) {
    base::fail(base::ErrorKind::user, "--set " + name + ": not UTF-8 from byte " + std::to_string(*bad));
  }
  auto file = std::make_shared<base::SourceFile>();
  file->path = "--set";
  file->text = std::string(text);
  Given given;
  given.name_place = {file, 1, 1, static_cast<int>(name.size())};
  const std::string value(text.substr(equals + 1));
  given.value = Node::scalar(value, false,
                             {file, 1, static_cast<int>(equals) + 2, static_cast<int>(base::count_characters(value))});
  return {name, std::move(given)};
}

ParamValues bind_params(const PipelineSpec& pipeline, const GivenParams& given, base::Diagnostics& diagnostics) {
  check_known(pipeline, given, diagnostics);
  ParamValues values;
  Substitution defaults(values, diagnostics);
  for (const ParamSpec& param : pipeline.params) {
    const std::string& name = param.name.text;
    const auto found = given.find(name);
    std::optional<ParamValue> value;
    if (param.broken) {
      // What is wrong has been said when the file was read.
    } else if (found != given.end()) {
      const Node& node = found->second.value;
      value = bind(param, param.list ? read_list(node) : node, found->second.folder, diagnostics);
    } else if (param.default_value) {
      const std::size_t before = diagnostics.size();
      const Node node = defaults.node(*param.default_value);
      if (diagnostics.size() == before) value = bind(param, node, pipeline.folder(), diagnostics);
    } else {
      std::string help = param.help.empty() ? "" : name + ": " + param.help + "; ";
      help.append("give it with --set ").append(name).append("=...");
      diagnostics.add("M0024", param.name.place, "the parameter '" + name + "' has no value", std::move(help));
    }
    values.insert_or_assign(name, value ? std::move(*value) : stand_in(param));
  }
  return values;
}

Node substitute(const Node& node, const ParamValues& values, base::Diagnostics& diagnostics) {
  return Substitution(values, diagnostics).node(node);
}

Expanded expand(const PipelineSpec& pipeline, const GivenParams& given, base::Diagnostics& diagnostics) {
  Expanded out;
  out.pipeline = pipeline;
  out.values = bind_params(pipeline, given, diagnostics);
  Substitution substitution(out.values, diagnostics);
  for (WeightsSpec& weights : out.pipeline.weights) weights.path = substitution.node(weights.path);
  for (StageSpec& stage : out.pipeline.stages) expand_stage(stage, substitution);
  return out;
}

}  // namespace motet::spec
