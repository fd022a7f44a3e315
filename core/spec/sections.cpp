#include "spec/sections.hpp"

namespace motet::spec {
namespace {

constexpr const char* kReferenceHelp = "write stage, stage.port or inputs.name";

std::optional<Reference> read_reference(const Node& node, base::Diagnostics& diagnostics) {
  if (!node.is_scalar()) {
    refuse_kind(node, "what is connected here", "a reference", kReferenceHelp, diagnostics);
    return std::nullopt;
  }
  std::optional<Reference> reference = parse_reference(node.text);
  if (!reference) {
    diagnostics.add("M0016", node.place, "'" + node.text + "' is not a reference", kReferenceHelp);
    return std::nullopt;
  }
  reference->place = node.place;
  return reference;
}

PortSpec read_port(Text port, const Node& value, base::Diagnostics& diagnostics) {
  PortSpec out;
  out.port = std::move(port);
  out.list = value.is_list();
  if (!value.is_list()) {
    if (auto reference = read_reference(value, diagnostics)) out.references.push_back(std::move(*reference));
    return out;
  }
  for (const Node& item : value.items) {
    if (auto reference = read_reference(item, diagnostics)) out.references.push_back(std::move(*reference));
  }
  return out;
}

std::vector<PortSpec> read_ports(const Node& in, base::Diagnostics& diagnostics) {
  std::vector<PortSpec> out;
  if (!in.is_map()) {
    out.push_back(read_port({{}, in.place}, in, diagnostics));
    return out;
  }
  for (const Entry& entry : in.entries) {
    out.push_back(read_port(name_of(entry, "a port's name", diagnostics), entry.value, diagnostics));
  }
  return out;
}

std::optional<WeightsUse> read_weights_use(const Node& node, base::Diagnostics& diagnostics) {
  WeightsUse out;
  if (node.is_scalar()) {
    out.from = {node.text, node.place};
    return out;
  }
  if (!node.is_map()) {
    refuse_kind(node, "'weights'", "a name or a map", "write 'weights: name' or 'weights: {from: name, prefix: text}'",
                diagnostics);
    return std::nullopt;
  }
  const Fields fields(node, "'weights'", {"from", "prefix"}, diagnostics);
  fields.require("from", node.place, "name one of the pipeline's 'weights:'");
  out.from = fields.text("from");
  out.prefix = fields.text("prefix");
  return out;
}

// A whole number under the key, from 1 to `most`, `usual` for example.
std::optional<std::int64_t> read_amount(const Fields& fields, const char* key, std::int64_t most, std::int64_t usual,
                                        base::Diagnostics& diagnostics) {
  const Node* node = fields.find(key);
  if (node == nullptr) return std::nullopt;
  const std::optional<std::int64_t> number = as_int(*node);
  if (number && *number >= 1 && *number <= most) return number;
  diagnostics.add("M0018", node->place,
                  "'" + std::string(key) + "' is wanted as a whole number from 1 to " + std::to_string(most),
                  "write, for example, '" + std::string(key) + ": " + std::to_string(usual) + "', or leave it out");
  return std::nullopt;
}

// true, false, or {timeout_ms: 60000, memory_mb: 4096}, which means true.
Isolation read_isolation(const Fields& stage, base::Diagnostics& diagnostics) {
  constexpr std::int64_t kMostMs = 24 * 3600 * 1000;
  constexpr std::int64_t kMostMb = std::int64_t{1} << 24;
  Isolation out;
  const Node* node = stage.find("isolate");
  if (node == nullptr) return out;
  out.place = node->place;
  if (!node->is_map()) {
    out.on = stage.flag("isolate");
    return out;
  }
  out.on = true;
  const Fields fields(*node, "'isolate'", {"timeout_ms", "memory_mb"}, diagnostics);
  if (const auto ms = read_amount(fields, "timeout_ms", kMostMs, 60'000, diagnostics))
    out.timeout = std::chrono::milliseconds(*ms);
  if (const auto mb = read_amount(fields, "memory_mb", kMostMb, 4096, diagnostics))
    out.most_memory_bytes = static_cast<std::uint64_t>(*mb) << 20;
  return out;
}

StageSpec read_stage(Text name, const Node& node, const std::string& what, base::Diagnostics& diagnostics);

void read_slots(const Node& slots, StageSpec& stage, base::Diagnostics& diagnostics) {
  for (const Entry& entry : slots.entries) {
    Text slot = name_of(entry, "a slot's name", diagnostics);
    stage.slots.push_back(read_stage(std::move(slot), entry.value, "what fills a slot", diagnostics));
  }
}

void check_use(const StageSpec& stage, const Node& node, const std::string& what, base::Diagnostics& diagnostics) {
  // Judged by what stands there, so that an empty or misshapen `use:` has no second complaint.
  const Node* use = node.find("use");
  const Node* include = node.find("include");
  if (use == nullptr && include == nullptr) {
    diagnostics.add("M0017", stage.name.place, what + " needs 'use' or 'include'",
                    "name a stage type, for example 'use: audio.waveform'; `motet plugins` lists them");
    return;
  }
  if (use != nullptr && include != nullptr) {
    base::Diagnostic& diagnostic =
        diagnostics.add("M0017", include->place, what + " has both 'use' and 'include'", "a stage is one of the two");
    diagnostic.notes.push_back({use->place, "'use' is here"});
    return;
  }
  for (const Node* given : {use, include}) {
    if (given != nullptr && (given->is_null() || (given->is_scalar() && given->text.empty()))) {
      diagnostics.add(
          "M0012", given->place, what + (given == use ? " has nothing under 'use'" : " has nothing under 'include'"),
          given == use ? "name a stage type; `motet plugins` lists them" : "name a pipeline's file or folder");
    }
  }
  if (include == nullptr) return;
  for (const char* key : {"weights", "slots", "isolate"}) {
    if (const Node* other = node.find(key)) {
      diagnostics.add("M0017", other->place, std::string("an included pipeline has its own '") + key + "'",
                      "remove it; only 'with' and 'in' go beside 'include'");
    }
  }
}

StageSpec read_stage(Text name, const Node& node, const std::string& what, base::Diagnostics& diagnostics) {
  StageSpec out;
  out.name = std::move(name);
  out.place = node.place;
  if (!node.is_map()) {
    refuse_kind(node, what, "a map", "write, for example, '" + out.name.text + ": {use: TYPE, in: {PORT: STAGE}}'",
                diagnostics);
    return out;
  }
  const Fields fields(node, what, {"use", "include", "with", "weights", "in", "slots", "isolate"}, diagnostics);
  check_use(out, node, what, diagnostics);
  out.use = fields.text("use");
  out.include = fields.text("include");
  if (const Node* with = fields.map("with", "write 'with: {parameter: value}'")) {
    for (const Entry& entry : with->entries)
      out.with.push_back({name_of(entry, "a parameter's name", diagnostics), entry.value});
  }
  if (const Node* weights = fields.find("weights")) out.weights = read_weights_use(*weights, diagnostics);
  if (const Node* in = fields.find("in")) out.in = read_ports(*in, diagnostics);
  if (const Node* slots = fields.map("slots", "write 'slots: {slot: {use: TYPE}}'"))
    read_slots(*slots, out, diagnostics);
  out.isolation = read_isolation(fields, diagnostics);
  return out;
}

}  // namespace

std::vector<WeightsSpec> read_weights(const Fields& pipeline, base::Diagnostics& diagnostics) {
  std::vector<WeightsSpec> out;
  const Node* section = pipeline.map("weights", "write 'weights: {name: PATH}'");
  if (section == nullptr) return out;
  for (const Entry& entry : section->entries) {
    Text name = name_of(entry, "a name for weights", diagnostics);
    if (!entry.value.is_scalar()) {
      refuse_kind(entry.value, "'" + entry.key + "'", "a path", "name a folder, a .safetensors or a .gguf file",
                  diagnostics);
      continue;
    }
    out.push_back({std::move(name), entry.value});
  }
  return out;
}

std::vector<InputSpec> read_inputs(const Fields& pipeline, base::Diagnostics& diagnostics) {
  std::vector<InputSpec> out;
  const Node* section = pipeline.map("inputs", "write 'inputs: {name: type}'");
  if (section == nullptr) return out;
  for (const Entry& entry : section->entries) {
    InputSpec input;
    input.name = name_of(entry, "an input's name", diagnostics);
    if (entry.value.is_scalar()) {
      input.type = {entry.value.text, entry.value.place};
    } else if (entry.value.is_map()) {
      const Fields fields(entry.value, "an input", {"type", "once", "help", "default"}, diagnostics);
      fields.require("type", entry.key_place, "write, for example, 'type: text'");
      input.type = fields.text("type");
      input.once = fields.flag("once");
      input.help = fields.text("help").text;
      if (const Node* value = fields.find("default")) input.default_value = *value;
    } else {
      refuse_kind(entry.value, "the input '" + entry.key + "'", "a type or a map",
                  "write, for example, '" + entry.key + ": text'", diagnostics);
    }
    out.push_back(std::move(input));
  }
  return out;
}

std::vector<StageSpec> read_stages(const Fields& pipeline, base::Diagnostics& diagnostics) {
  std::vector<StageSpec> out;
  const Node* section = pipeline.map("stages", "write 'stages: {name: {use: TYPE}}'");
  if (section == nullptr) return out;
  if (section->entries.empty()) {
    diagnostics.add("M0012", section->place, "a pipeline needs at least one stage", "add one under 'stages:'");
  }
  for (const Entry& entry : section->entries) {
    Text name = name_of(entry, "a stage's name", diagnostics);
    if (name.text == "inputs") {
      diagnostics.add("M0015", name.place, "a stage cannot be called 'inputs'",
                      "'inputs.x' is an input of the pipeline: choose another name");
    }
    out.push_back(read_stage(std::move(name), entry.value, "a stage", diagnostics));
  }
  return out;
}

std::vector<OutputSpec> read_outputs(const Fields& pipeline, base::Diagnostics& diagnostics) {
  std::vector<OutputSpec> out;
  const Node* section = pipeline.map("outputs", "write 'outputs: {name: stage.port}'");
  if (section == nullptr) return out;
  if (section->entries.empty()) {
    diagnostics.add("M0012", section->place, "a pipeline needs at least one output", "add one under 'outputs:'");
  }
  for (const Entry& entry : section->entries) {
    Text name = name_of(entry, "an output's name", diagnostics);
    if (auto reference = read_reference(entry.value, diagnostics))
      out.push_back({std::move(name), std::move(*reference)});
  }
  return out;
}

}  // namespace motet::spec
