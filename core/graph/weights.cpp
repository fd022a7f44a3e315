#include "graph/weights.hpp"

#include <cctype>

#include "base/nearest.hpp"
#include "graph/connect.hpp"

namespace motet::graph {
namespace {

// Programs compute with f32 and i32, and read weights of these types as f32. Where a stage runs no program nothing
// reads its weights, and their types are no concern of ours.
bool is_taken(tensor::DType dtype, const host::WeightRequest& request, const plugin::StageTypeInfo& type) {
  const bool floating = dtype == tensor::DType::f32 || dtype == tensor::DType::f16 || dtype == tensor::DType::bf16;
  return floating || tensor::is_quantised(dtype) || (request.i32 && dtype == tensor::DType::i32) ||
         !(type.is_tensor() || type.is_generator());
}

}  // namespace

StageHooks::StageHooks(Graph& graph, Stage& stage, base::Place weights_place, StageHooks* owner,
                       base::Diagnostics& diagnostics)
    : graph_(graph), stage_(stage), place_(std::move(weights_place)), owner_(owner), diagnostics_(diagnostics) {}

const weights::File* StageHooks::file() const {
  if (shares_owner()) return owner_->file();
  return stage_.weights < 0 ? nullptr : graph_.files[static_cast<std::size_t>(stage_.weights)].file.get();
}

const char* StageHooks::weights_path() { return file() == nullptr ? nullptr : file()->path().c_str(); }
const char* StageHooks::weights_format() { return file() == nullptr ? nullptr : file()->format().c_str(); }

bool StageHooks::weights_has(std::string_view name) {
  if (file() == nullptr) return false;
  const std::string& prefix = shares_owner() ? owner_->stage_.weights_prefix : stage_.weights_prefix;
  return file()->find(prefix + std::string(name)) != nullptr;
}

void StageHooks::weight_source(const host::WeightSource& source) { sources_[source.canonical] = source; }

std::uint32_t StageHooks::fresh_symbol() { return graph_.symbols.fresh(stage_.name + ".?").symbol; }

void StageHooks::offer(std::string_view slot, std::string_view key, std::string_view text) {
  offers_[std::string(slot)][std::string(key)] = std::string(text);
}

const char* StageHooks::offered(std::string_view key) {
  if (owner_ == nullptr) return nullptr;
  const auto slot = owner_->offers_.find(stage_.slot);
  if (slot == owner_->offers_.end()) return nullptr;
  const auto found = slot->second.find(key);
  return found == slot->second.end() ? nullptr : found->second.c_str();
}

std::set<std::string> StageHooks::full_names(const std::string& canonical) const {
  if (!shares_owner()) return {canonical};
  // The owner's map says where the slot is called: it has a name for each weight of each call.
  std::set<std::string> out;
  const std::string slot = stage_.slot + ".";
  for (const auto& [name, source] : owner_->sources_) {
    if (name.rfind(slot, 0) != 0) continue;
    std::size_t end = slot.size();
    while (end < name.size() && std::isdigit(static_cast<unsigned char>(name[end])) != 0) ++end;
    if (end > slot.size() && end < name.size() && name[end] == '.') out.insert(name.substr(0, end + 1) + canonical);
  }
  if (out.empty()) out.insert(slot + canonical);
  return out;
}

host::TensorSpec StageHooks::declare_weight(const host::WeightRequest& request) {
  host::TensorSpec bound{tensor::DType::f32, request.shape};
  bool present = false;
  for (const std::string& name : full_names(request.canonical)) present = find(name, request, bound) || present;
  if (!present && request.optional) bound = {};
  return bound;
}

bool StageHooks::find(const std::string& full_name, const host::WeightRequest& request, host::TensorSpec& bound) {
  if (file() == nullptr) {
    if (request.optional) return false;
    diagnostics_.add("M0303", place_, stage_.type->id + " needs weights",
                     "name them: weights: NAME, with NAME under weights: at the top");
    return false;
  }
  const auto& sources = shares_owner() ? owner_->sources_ : sources_;
  const auto mapped = sources.find(full_name);
  const std::string& prefix = shares_owner() ? owner_->stage_.weights_prefix : stage_.weights_prefix;
  const std::string name = prefix + (mapped == sources.end() ? full_name : mapped->second.name);
  const weights::TensorView* view = nullptr;
  try {
    view = file()->find(name);
  } catch (const base::Error& error) {
    diagnostics_.add("M0304", place_, error.what(), error.help()).notes.push_back({{}, needed_as(full_name)});
    return false;
  }
  if (view == nullptr) {
    if (!request.optional) report_missing(full_name, name);
    return false;
  }
  Weight weight{request.canonical, view->name, view->dtype, view->shape, view->bytes};
  const std::uint32_t parts = mapped == sources.end() ? 0 : mapped->second.parts;
  if (parts > 1) {
    if (weight.shape.rank() < 1 || weight.shape[0] % parts != 0) {
      diagnostics_
          .add("M0305", place_,
               "weight '" + name + "' " + weight.shape.text() + " does not split into " + std::to_string(parts) +
                   " parts",
               "the file is of another model or layout: choose the family that fits it")
          .notes.push_back({{}, needed_as(full_name)});
      return false;
    }
    weight.shape[0] /= parts;
    const std::size_t size = weight.bytes.size() / parts;
    weight.bytes = weight.bytes.subspan(size * mapped->second.part, size);
    weight.name += "#" + std::to_string(mapped->second.part);
  }
  bool fits = static_cast<std::size_t>(weight.shape.rank()) == request.shape.size();
  for (std::size_t i = 0; fits && i < request.shape.size(); ++i) {
    fits = graph_.symbols.unify(request.shape[i], Dim::number(weight.shape[static_cast<int>(i)]),
                                {place_, "weight '" + weight.name + "' " + weight.shape.text()});
  }
  const bool taken = is_taken(weight.dtype, request, *stage_.type);
  if (!taken) report_type(weight, full_name, request);
  if (!fits) report_shape(weight, request);
  if (!taken || !fits) return true;
  bound.dtype = weight.dtype;
  bound.shape.clear();
  for (std::int64_t size : weight.shape) bound.shape.push_back(Dim::number(size));
  stage_.weights_by_name[full_name] = std::move(weight);
  return true;
}

void StageHooks::report_missing(const std::string& full_name, const std::string& name) {
  base::Diagnostic& d = diagnostics_.add("M0301", place_, "weight '" + name + "' is not in " + file()->path().string());
  d.notes.push_back({{}, needed_as(full_name)});
  const std::vector<std::string> near = base::nearest(name, file()->names(), 3);
  for (const std::string& candidate : near) d.help += (d.help.empty() ? "nearest names: " : ", ") + candidate;
  if (near.empty()) d.help = "the file is of another model or layout: choose the family that fits it, or a prefix";
}

std::string StageHooks::needed_as(const std::string& full_name) const {
  return stage_.name + " needs it as " + full_name;
}

void StageHooks::report_type(const Weight& weight, const std::string& full_name, const host::WeightRequest& request) {
  base::Diagnostic& d = diagnostics_.add("M0304", place_,
                                         "weight '" + weight.name + "' in " + file()->path().string() + " is " +
                                             std::string(tensor::name(weight.dtype)) + ", wanted " +
                                             (request.i32 ? "i32, or " : "") + "a floating or quantised type");
  d.notes.push_back({{}, needed_as(full_name)});
  d.help = std::string("name the tensor that is meant, or save this one as ") + (request.i32 ? "I32, " : "") +
           "F32, F16 or BF16";
}

void StageHooks::report_shape(const Weight& weight, const host::WeightRequest& request) {
  const std::string wanted = graph_.symbols.text(request.shape);
  base::Diagnostic& d = diagnostics_.add(
      "M0302", place_, "weight '" + weight.name + "' is " + weight.shape.text() + ", wanted " + wanted);
  d.notes.push_back({{}, stage_.name + " (" + stage_.type->id + ") takes it as " + request.canonical});
  d.help = "name a weight of " + wanted + ", or the file of the model that the parameters are of";
  if (static_cast<std::size_t>(weight.shape.rank()) != request.shape.size()) return;
  for (std::size_t i = 0; i < request.shape.size(); ++i) {
    const Dim size = graph_.symbols.resolve(request.shape[i]);
    const Dim stored = Dim::number(weight.shape[static_cast<int>(i)]);
    if (!size.known() || size == stored) continue;
    const std::string name = note_input_of(size, d);
    if (!name.empty())
      d.help = "name a weight of " + wanted + ", or let " + name + " be of " + graph_.symbols.text(stored);
  }
}

std::string StageHooks::note_input_of(Dim size, base::Diagnostic& d) const {
  for (std::size_t i = 0; i < stage_.inputs.size(); ++i) {
    const EdgeType& type = stage_.input_types[i];
    if (!stage_.inputs[i] || type.dims.empty() || graph_.symbols.resolve(type.dims.back()) != size) continue;
    const std::string name = source_name(graph_, *stage_.inputs[i]);
    d.notes.push_back({stage_.inputs[i]->place, stage_.name + "." + stage_.type->inputs[i].name + " is " +
                                                    text(type, graph_.symbols) + " from " + name});
    return name;
  }
  return {};
}

}  // namespace motet::graph
