#include "verify/derive.hpp"

#include <cmath>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "graph/flatten.hpp"
#include "graph/graph.hpp"
#include "graph/params.hpp"
#include "spec/document.hpp"
#include "verify/random.hpp"
#include "verify/trial.hpp"

namespace motet::verify {
namespace {

// Sizes for letters that nothing decides: with many divisors, so that heads and groups fit, and each another one.
constexpr std::int64_t kSizes[] = {12, 24, 8, 16, 6, 18, 30, 36};

class LetterSizes {
 public:
  // Sizes that are taken from the list before the first: others than somebody else's.
  explicit LetterSizes(std::size_t taken = 0) : taken_(taken) {}
  std::int64_t of(const std::string& letter) {
    return sizes_.try_emplace(letter, kSizes[(taken_ + sizes_.size()) % std::size(kSizes)]).first->second;
  }

 private:
  std::size_t taken_;
  std::map<std::string, std::int64_t, std::less<>> sizes_;
};

// Notes the weights that are declared, and decides the sizes that they leave open.
class Declarations final : public host::NegotiationHooks {
 public:
  struct Weight {
    std::string name;
    std::vector<std::int64_t> sizes;
  };

  const char* weights_path() override { return nullptr; }
  const char* weights_format() override { return nullptr; }
  bool weights_has(std::string_view) override { return false; }
  void weight_source(const host::WeightSource& source) override { names_[source.canonical] = source.name; }
  host::TensorSpec declare_weight(const host::WeightRequest& request) override {
    if (request.optional) return {};
    Weight weight{names_.contains(request.canonical) ? names_[request.canonical] : request.canonical, {}};
    host::TensorSpec bound{tensor::DType::f32, {}};
    for (const tensor::Dim& dim : request.shape) {
      weight.sizes.push_back(dim.known() ? dim.size : letters_.of(std::to_string(dim.symbol)));
      bound.shape.push_back(tensor::Dim::number(weight.sizes.back()));
    }
    if (known_.insert(weight.name).second) weights.push_back(std::move(weight));
    return bound;
  }
  std::uint32_t fresh_symbol() override { return next_symbol_++; }
  void offer(std::string_view, std::string_view, std::string_view) override {}
  const char* offered(std::string_view) override { return nullptr; }

  std::vector<Weight> weights;

 private:
  std::map<std::string, std::string, std::less<>> names_;
  std::set<std::string> known_;
  LetterSizes letters_{3};
  std::uint32_t next_symbol_ = 1;
};

// [U64 size of the header][header, JSON][tensors]: the safetensors format.
void write_weights(const std::filesystem::path& file, const std::vector<Declarations::Weight>& weights,
                   Random& random) {
  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  std::vector<float> data;
  for (const Declarations::Weight& weight : weights) {
    std::size_t elements = 1;
    for (const std::int64_t size : weight.sizes) elements *= static_cast<std::size_t>(size);
    const std::size_t begin = data.size() * sizeof(float);
    // As large as keeps sums of the last dimension's products near 1.
    const float scale = 1.0F / std::sqrt(static_cast<float>(weight.sizes.empty() ? 1 : weight.sizes.back()));
    for (std::size_t i = 0; i < elements; ++i) data.push_back(random.number() * scale);
    header[weight.name] = {
        {"dtype", "F32"}, {"shape", weight.sizes}, {"data_offsets", {begin, data.size() * sizeof(float)}}};
  }
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');
  const std::uint64_t size = text.size();
  std::ofstream out(file, std::ios::binary);
  out.write(reinterpret_cast<const char*>(&size), sizeof size);
  out << text;
  out.write(reinterpret_cast<const char*>(data.data()), static_cast<std::streamsize>(data.size() * sizeof(float)));
}

std::string quoted(const std::string& text) { return nlohmann::json(text).dump(); }

// The node as YAML of one line; a quoted text stays text.
std::string written(const spec::Node& node) {
  std::string out;
  switch (node.kind) {
    case spec::Node::Kind::null:
      return "null";
    case spec::Node::Kind::scalar:
      return node.quoted ? quoted(node.text) : node.text;
    case spec::Node::Kind::list:
      for (const spec::Node& one : node.items) out += (out.empty() ? "" : ", ") + written(one);
      return "[" + out + "]";
    case spec::Node::Kind::map:
      for (const spec::Entry& one : node.entries)
        out += (out.empty() ? "" : ", ") + one.key + ": " + written(one.value);
      return "{" + out + "}";
  }
  return out;
}

// What the type's example gives its parameters.
struct Example {
  std::map<std::string, std::string> parameters;
  bool whole = false;  // there is one, and nothing in it stands for what only an author has: a path, ${...}
};

Example example_of(const plugin::StageTypeInfo& type) {
  Example out;
  base::Diagnostics ignored;
  const auto source = spec::check_source("example", type.example, ignored);
  const std::optional<spec::Node> document = source ? spec::parse_document(source, ignored) : std::nullopt;
  if (!document || document->entries.empty()) return out;
  out.whole = true;
  const spec::Node* with = document->entries.front().value.find("with");
  for (const spec::Entry& entry : with != nullptr ? with->entries : std::vector<spec::Entry>()) {
    const plugin::ParamInfo* param = type.find_param(entry.key);
    const std::string text = written(entry.value);
    const bool usable = param != nullptr && param->kind != MOTET_PARAM_PATH && text.find("${") == std::string::npos;
    if (usable) out.parameters[entry.key] = text;
    out.whole = out.whole && usable;
  }
  return out;
}

std::string parameters(const plugin::StageTypeInfo& type) {
  std::map<std::string, std::string> given = example_of(type).parameters;
  for (const plugin::ParamInfo& param : type.params) {
    if (given.contains(param.name) || !param.required) continue;
    if (param.kind == MOTET_PARAM_PATH)
      skip("its parameter '" + param.name + "' wants a file: name a pipeline that gives one with --pipeline");
    if (!param.choices.empty()) {
      given[param.name] = quoted(param.choices.front());
    } else if (param.kind == MOTET_PARAM_INT || param.kind == MOTET_PARAM_FLOAT) {
      given[param.name] = std::to_string(static_cast<long long>(std::isfinite(param.minimum) ? param.minimum : 1));
    } else if (param.kind == MOTET_PARAM_BOOL) {
      given[param.name] = "true";
    } else {
      skip("nothing says what its parameter '" + param.name + "' should be: give the type an example, or name a " +
           "pipeline with --pipeline");
    }
  }
  std::string out;
  for (const auto& [name, text] : given) out += (out.empty() ? "" : ", ") + name + ": " + text;
  return out;
}

// The port's type as a pipeline's input: without the batch, with a number for the last dimension and a letter for
// others.
std::string input_type(const graph::PortType& type, bool batched, LetterSizes& letters) {
  if (type.kind != graph::Kind::tensor) return graph::text(type);
  std::string dims;
  const std::size_t first = batched && !type.dims.front().ellipsis ? 1 : 0;
  for (std::size_t i = first; i < type.dims.size(); ++i) {
    const graph::DimPattern& dim = type.dims[i];
    const bool last = i + 1 == type.dims.size() && i > first;
    dims += (dims.empty() ? "" : ", ") + (dim.size >= 0  ? std::to_string(dim.size)
                                          : dim.ellipsis ? std::string("T")
                                          : last         ? std::to_string(letters.of(dim.letter))
                                                         : dim.letter);
  }
  const tensor::DType dtype = type.dtype == tensor::DType::none ? tensor::DType::f32 : type.dtype;
  return std::string(tensor::name(dtype)) + "[" + dims + "]" + (type.list ? "[]" : "");
}

void refuse_what_needs_others(const plugin::StageTypeInfo& type) {
  for (const plugin::SlotInfo& slot : type.slots) {
    if (slot.required)
      skip("its slot '" + slot.name + "' wants a " + slot.kind + ": name a pipeline that fills it with --pipeline");
  }
  for (const plugin::PortInfo& port : type.inputs) {
    if (port.has(MOTET_PORT_FROM_CALLER))
      skip("it fills a slot of another stage: name a pipeline that uses it with --pipeline");
    if (graph::parse_port_type(port.type).front().kind == graph::Kind::table)
      skip("its input '" + port.name + "' is a table, which no pipeline can give yet");
  }
}

// `weights`: whether there is a file of them.
std::string pipeline_text(const Request& request, const plugin::StageTypeInfo& type, bool weights) {
  LetterSizes letters;
  const bool batched = type.is_tensor() || type.is_generator();
  std::string inputs, in, outputs;
  for (const plugin::PortInfo& port : type.inputs) {
    const graph::PortType first = graph::parse_port_type(port.type).front();
    inputs += (inputs.empty() ? "" : ", ") + port.name + ": " + quoted(input_type(first, batched, letters));
    in += (in.empty() ? "" : ", ") + port.name + ": inputs." + port.name;
  }
  const bool runs = type.is_host() || batched;
  for (const plugin::PortInfo& port : type.outputs) {
    // What a generator gives as logits is for the engine alone.
    if (runs && !(type.is_generator() && graph::parse_port_type(port.type).front().kind == graph::Kind::tensor))
      outputs += (outputs.empty() ? "" : ", ") + port.name + ": " + request.setup.stage + "." + port.name;
  }
  if (outputs.empty()) {  // one for slots alone: the stage is there, and nothing of it comes out
    inputs += std::string(inputs.empty() ? "" : ", ") + "passed: text";
    outputs = "passed: inputs.passed";
  }
  return "motet: 1\nname: derived\n" + std::string(weights ? "weights: {own: weights.safetensors}\n" : "") +
         "inputs: {" + inputs + "}\nstages:\n  " + request.setup.stage +
         ": {use: " + quoted(type.plugin + ":" + type.id) + ", with: {" + parameters(type) + "}" +
         (weights ? ", weights: own" : "") + (in.empty() ? "" : ", in: {" + in + "}") + "}\noutputs: {" + outputs +
         "}\n";
}

// Where its own example is refused the plugin is to blame. That weights are not there yet it may say.
std::unique_ptr<host::Instance> created(const plugin::LoadedType& type, const host::InstanceSettings& settings,
                                        const std::vector<host::ParamValue>& given, const host::CallOptions& options) {
  try {
    return host::Instance::create(type, settings, given, options);
  } catch (const host::StageError& error) {
    const bool of_parameters = error.path().starts_with("with.") || error.status() == MOTET_INTERNAL;
    if (error.obligation() != 0 || !of_parameters || !example_of(*type.info).whole) throw;
    base::fail(base::ErrorKind::plugin, "[C048] `create` refuses its type's example: " + error.message());
  }
}

// Negotiates the stage of the pipeline with what stands in for its weights.
std::vector<Declarations::Weight> declared_weights(const Request& request, const plugin::Registry& registry,
                                                   const plugin::StageTypeInfo& type, LastCall& last_call) {
  base::Diagnostics diagnostics;
  const std::optional<graph::Flat> flat = graph::flatten(request.setup.pipeline / "pipeline.yaml", {}, diagnostics);
  const std::vector<host::ParamValue> given = flat && diagnostics.empty()
                                                  ? graph::bind_arguments(flat->stages.front(), type, diagnostics)
                                                  : std::vector<host::ParamValue>();
  if (!diagnostics.empty()) throw base::DiagnosticsError(std::move(diagnostics));
  Declarations hooks;
  host::CallOptions options;
  options.hooks = &hooks;
  host::InstanceSettings settings{request.setup.stage, request.setup.pipeline, host::Checking::on};
  settings.observer = &last_call;
  const auto made = created(registry.load(type), settings, given, options);
  LetterSizes letters;
  std::map<std::string, tensor::Dim> symbols;
  const auto spec_of = [&](const plugin::PortInfo& port, bool input) {
    host::TensorSpec out;
    const graph::PortType first = graph::parse_port_type(port.type).front();
    if (first.kind != graph::Kind::tensor) return out;
    out.dtype = first.dtype;
    for (std::size_t i = 0; i < first.dims.size(); ++i) {
      const graph::DimPattern& dim = first.dims[i];
      const bool last = input && i + 1 == first.dims.size() && i > 0 && !dim.ellipsis;
      const std::string letter = dim.ellipsis ? "..." : dim.letter;
      out.shape.push_back(
          dim.size >= 0 ? tensor::Dim::number(dim.size)
          : last        ? tensor::Dim::number(letters.of(letter))
                        : symbols.try_emplace(letter, tensor::Dim::of_symbol(hooks.fresh_symbol())).first->second);
    }
    return out;
  };
  std::vector<host::TensorSpec> inputs, outputs;
  for (const plugin::PortInfo& port : type.inputs) inputs.push_back(spec_of(port, true));
  for (const plugin::PortInfo& port : type.outputs) outputs.push_back(spec_of(port, false));
  made->negotiate(inputs, outputs, options);
  return hooks.weights;
}

void write(const std::filesystem::path& file, const std::string& text) { std::ofstream(file) << text; }

}  // namespace

void derive(const Request& request, LastCall& last_call) {
  const plugin::Registry registry = plugin::Registry::scan(request.plugins);
  const plugin::StageTypeInfo* type = nullptr;
  for (const plugin::PluginInfo& plugin : registry.plugins()) {
    for (const plugin::StageTypeInfo& one : plugin.types) {
      if (plugin.library == request.library && one.id == request.type) type = &one;
    }
  }
  if (type == nullptr) skip("the plugin has no such stage type");
  refuse_what_needs_others(*type);
  const std::filesystem::path& folder = request.setup.pipeline;
  write(folder / "pipeline.yaml", pipeline_text(request, *type, false));
  const std::vector<Declarations::Weight> weights = declared_weights(request, registry, *type, last_call);
  if (!weights.empty()) {
    Random random(request.seed);
    write_weights(folder / "weights.safetensors", weights, random);
    write(folder / "pipeline.yaml", pipeline_text(request, *type, true));
  }
  // Throws where it would not do after all.
  (void)graph::resolve(folder / "pipeline.yaml", {}, registry,
                       {.checking = host::Checking::on, .observer = &last_call});
}

}  // namespace motet::verify
