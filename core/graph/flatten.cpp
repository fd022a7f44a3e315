#include "graph/flatten.hpp"

#include <algorithm>

#include "base/nearest.hpp"

namespace motet::graph {
namespace {

// One pipeline file in its place: its stages carry `prefix`, its inputs are what the including stage connects.
struct Scope {
  const spec::PipelineSpec* spec = nullptr;
  std::string prefix;
  bool outermost = false;
  std::map<std::string, End> inputs;
  std::map<std::string, Scope> includes;
};

class Flattener {
 public:
  Flattener(Flat& out, base::Diagnostics& diagnostics) : out_(out), diagnostics_(diagnostics) {}

  bool load(Scope& scope, const std::filesystem::path& path, const spec::GivenParams& given) {
    std::optional<spec::PipelineSpec> read = spec::load(path, diagnostics_);
    if (!read) return false;
    spec::Expanded expanded = spec::expand(*read, given, diagnostics_);
    out_.files.push_back(std::move(expanded.pipeline));
    scope.spec = &out_.files.back();
    return true;
  }

  void add(Scope& scope) {
    for (const spec::WeightsSpec& weights : scope.spec->weights) {
      const std::string path =
          weights.path.is_scalar() ? spec::resolve_path(*scope.spec, weights.path.text).string() : "";
      out_.weights.push_back({scope.prefix + weights.name.text, path, weights.path.place});
    }
    // Includes first: a stage may refer to one that stands below it.
    for (const spec::StageSpec& stage : scope.spec->stages) {
      if (!stage.include.empty()) include(scope, stage);
    }
    for (const spec::StageSpec& stage : scope.spec->stages) {
      if (stage.include.empty()) out_.stages.push_back(flat(scope, stage, scope.prefix + stage.name.text));
    }
  }

  std::optional<End> follow(const Scope& scope, const spec::Reference& reference) {
    if (reference.is_input()) return follow_input(scope, reference);
    const auto included = scope.includes.find(reference.stage);
    if (included != scope.includes.end()) return follow_output(included->second, reference);
    const auto& stages = scope.spec->stages;
    const auto found = std::find_if(stages.begin(), stages.end(),
                                    [&](const spec::StageSpec& s) { return s.name.text == reference.stage; });
    if (found != stages.end()) {
      if (!found->include.empty()) return std::nullopt;  // it failed to load, and that was said
      return End{false, scope.prefix + reference.stage, reference.port, reference.place, reference.place};
    }
    std::vector<std::string> known;
    for (const spec::StageSpec& stage : stages) known.push_back(stage.name.text);
    for (const spec::InputSpec& input : scope.spec->inputs) known.push_back("inputs." + input.name.text);
    diagnostics_.add("M0101", reference.place, "no stage '" + reference.stage + "'",
                     base::suggestion(reference.stage, known));
    return std::nullopt;
  }

 private:
  std::optional<End> follow_input(const Scope& scope, const spec::Reference& reference) {
    std::vector<std::string> known;
    for (const spec::InputSpec& input : scope.spec->inputs) {
      known.push_back(input.name.text);
      if (input.name.text != reference.port) continue;
      if (scope.outermost) return End{true, reference.port, {}, reference.place, reference.place};
      const auto outer = scope.inputs.find(reference.port);
      if (outer == scope.inputs.end()) return std::nullopt;  // not connected, and that was said
      End end = outer->second;
      return end;
    }
    diagnostics_.add("M0102", reference.place, "no input '" + reference.port + "'",
                     known.empty()
                         ? "declare it at the top: inputs: {" + reference.port +
                               ": TYPE}, TYPE being text, image, audio, table, tokens or, for example, f32[T, 80]"
                         : base::suggestion(reference.port, known));
    return std::nullopt;
  }

  std::optional<End> follow_output(const Scope& inner, const spec::Reference& reference) {
    const auto& outputs = inner.spec->outputs;
    const auto found = reference.port.empty()
                           ? outputs.begin()
                           : std::find_if(outputs.begin(), outputs.end(),
                                          [&](const spec::OutputSpec& o) { return o.name.text == reference.port; });
    if (found != outputs.end()) {
      std::optional<End> end = follow(inner, found->reference);
      if (end) end->place = reference.place;
      return end;
    }
    std::vector<std::string> known;
    for (const spec::OutputSpec& output : outputs) known.push_back(output.name.text);
    diagnostics_.add("M0103", reference.place, "'" + reference.stage + "' has no output '" + reference.port + "'",
                     base::suggestion(reference.port, known));
    return std::nullopt;
  }

  void include(Scope& scope, const spec::StageSpec& stage) {
    const std::filesystem::path path = spec::resolve_path(*scope.spec, stage.include.text);
    std::filesystem::path file;
    try {
      file = std::filesystem::weakly_canonical(spec::pipeline_file(path));
    } catch (const base::Error& error) {
      diagnostics_.add("M0104", stage.include.place, error.what(), error.help());
      return;
    }
    if (std::find(open_.begin(), open_.end(), file) != open_.end()) {
      base::Diagnostic& d =
          diagnostics_.add("M0105", stage.include.place, "the pipelines include each other in a circle",
                           "take the include out of one of them");
      for (const std::filesystem::path& one : open_) d.notes.push_back({{}, "includes " + one.string()});
      return;
    }
    spec::GivenParams given;
    for (const spec::Argument& argument : stage.with) {
      given[argument.name.text] = {argument.value, argument.name.place, scope.spec->folder()};
    }
    Scope inner;
    inner.prefix = scope.prefix + stage.name.text + ".";
    open_.push_back(file);
    if (load(inner, path, given)) {
      connect(scope, stage, inner);
      add(inner);
      scope.includes.emplace(stage.name.text, std::move(inner));
    }
    open_.pop_back();
  }

  void connect(const Scope& scope, const spec::StageSpec& stage, Scope& inner) {
    std::vector<std::string> known;
    for (const spec::InputSpec& input : inner.spec->inputs) known.push_back(input.name.text);
    for (const spec::PortSpec& port : stage.in) {
      const std::string name = port.port.empty() && known.size() == 1 ? known.front() : port.port.text;
      if (std::find(known.begin(), known.end(), name) == known.end()) {
        diagnostics_.add("M0106", port.port.place, "'" + stage.name.text + "' has no input '" + name + "'",
                         base::suggestion(name, known));
        continue;
      }
      if (port.references.size() != 1) {
        diagnostics_.add(
            "M0107", port.port.place,
            "input '" + name + "' takes one value, " + std::to_string(port.references.size()) + " are given",
            port.references.empty() ? "write " + name + ": STAGE"
                                    : "write one: " + name + ": " + port.references.front().text);
        continue;
      }
      if (std::optional<End> end = follow(scope, port.references.front())) inner.inputs[name] = *end;
    }
    for (const std::string& name : known) {
      const bool given = std::any_of(stage.in.begin(), stage.in.end(), [&](const spec::PortSpec& port) {
        return port.port.text == name || (port.port.empty() && known.size() == 1);
      });
      if (!given) {
        diagnostics_.add("M0108", stage.place, "input '" + name + "' of '" + stage.name.text + "' is not connected",
                         "write in: {" + name + ": ...}");
      }
    }
  }

  FlatStage flat(const Scope& scope, const spec::StageSpec& stage, std::string name) {
    FlatStage out;
    out.name = std::move(name);
    out.spec = &stage;
    out.file = scope.spec;
    if (stage.weights) find_weights(scope, *stage.weights, out);
    for (const spec::PortSpec& port : stage.in) {
      FlatInput input{port.port.text, {}, port.list, port.port.place};
      for (const spec::Reference& reference : port.references) {
        if (std::optional<End> end = follow(scope, reference)) {
          if (!scope.outermost && reference.is_input()) end->place = reference.place;
          input.ends.push_back(*end);
        }
      }
      out.inputs.push_back(std::move(input));
    }
    for (const spec::StageSpec& filler : stage.slots) {
      out.fillers.push_back(flat(scope, filler, out.name + "/" + filler.name.text));
      out.fillers.back().slot = filler.name.text;
    }
    return out;
  }

  void find_weights(const Scope& scope, const spec::WeightsUse& use, FlatStage& out) {
    std::vector<std::string> known;
    for (const spec::WeightsSpec& weights : scope.spec->weights) known.push_back(weights.name.text);
    if (std::find(known.begin(), known.end(), use.from.text) == known.end()) {
      diagnostics_.add("M0109", use.from.place, "no weights '" + use.from.text + "'",
                       known.empty() ? "name the file at the top: weights: {" + use.from.text + ": PATH}"
                                     : base::suggestion(use.from.text, known));
      return;
    }
    out.weights = scope.prefix + use.from.text;
    out.weights_prefix = use.prefix.text;
  }

  Flat& out_;
  base::Diagnostics& diagnostics_;
  std::vector<std::filesystem::path> open_;

 public:
  void enter(const std::filesystem::path& file) { open_.push_back(file); }
};

}  // namespace

std::optional<Flat> flatten(const std::filesystem::path& pipeline, const spec::GivenParams& given,
                            base::Diagnostics& diagnostics) {
  Flat out;
  Flattener flattener(out, diagnostics);
  Scope top;
  top.outermost = true;
  flattener.enter(std::filesystem::weakly_canonical(spec::pipeline_file(pipeline)));
  if (!flattener.load(top, pipeline, given)) return std::nullopt;
  flattener.add(top);
  for (const spec::OutputSpec& output : top.spec->outputs) {
    if (std::optional<End> end = flattener.follow(top, output.reference))
      out.outputs.push_back({output.name.text, *end});
  }
  return out;
}

}  // namespace motet::graph
