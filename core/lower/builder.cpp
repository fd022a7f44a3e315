#include "lower/builder.hpp"

#include <new>

#include "base/nearest.hpp"
#include "host/call.hpp"
#include "lower/custom_op.hpp"

namespace motet::lower {

using program::ValueId;

namespace {

// A function of the table. The code of a plugin lies between it and whoever can catch: no exception may pass that, so
// where there is no memory the call into the plugin fails once it returns.
template <class Result, class Body>
Result answered(Result otherwise, Body&& body) noexcept {
  try {
    return body();
  } catch (...) {
    if (host::Call* call = host::current_call()) call->lack_memory();
    return otherwise;
  }
}

}  // namespace

Builder::Builder(const graph::Graph& graph, WeightTable& weights, program::Program& program, std::int64_t rows,
                 std::int64_t state_capacity)
    : motet_builder{},
      graph_(graph),
      weights_(weights),
      program_(program),
      rows_(rows),
      state_capacity_(state_capacity) {
  connect_table();
}

std::string Builder::scope_text() const {
  std::string out = frames_.empty() ? "" : frames_.back().scope;
  for (const std::string& scope : scopes_) out += "." + scope;
  return out;
}

void Builder::keep_mistake(const std::string& message, base::ErrorKind kind) {
  if (!mistake_.empty()) return;
  mistake_kind_ = kind;
  const std::string scope = scope_text();
  // The stage itself is named anyway.
  const bool inner = !frames_.empty() && scope != frames_.front().scope;
  mistake_ = (inner ? scope + ": " : "") + message;
}

void Builder::throw_mistake(int at) {
  if (mistake_.empty()) return;
  // The pipeline's shapes were negotiated, so a size that an operation refuses comes of this item: too short a
  // recording, a prompt that fits no kernel.
  base::fail(mistake_kind_, "stage '" + stage(at).name + "': " + mistake_);
}

ValueId Builder::length(ValueId value) const {
  const auto found = lengths_.find(value);
  return found == lengths_.end() ? 0 : found->second;
}

std::vector<ValueId> Builder::build(int at, std::vector<ValueId> in) {
  std::vector<motet_tensor> out(stage(at).type->outputs.size(), 0);
  frames_.push_back({at, stage(at).name, ""});
  stage(at).instance->build(this, in, out, {});
  throw_mistake(at);
  check_outputs(at, in, out);
  frames_.pop_back();
  return {out.begin(), out.end()};
}

ValueId Builder::build_step(int at, const motet_step& step, std::vector<ValueId> in) {
  frames_.push_back({at, stage(at).name, ""});
  row_ = step.row;
  const motet_tensor logits = stage(at).instance->build_step(this, step, in, {});
  throw_mistake(at);
  frames_.pop_back();
  return logits;
}

void Builder::check_outputs(int at, std::span<const ValueId> in, std::span<const motet_tensor> out) {
  std::map<std::uint32_t, std::int64_t> bound;  // a symbol has one size in one build
  for (std::size_t i = 0; i < in.size(); ++i) {
    const tensor::SymbolicShape& dims = stage(at).input_types[i].dims;
    if (in[i] == 0 || static_cast<std::size_t>(program_.type(in[i]).shape.rank()) != dims.size()) continue;
    for (std::size_t d = 0; d < dims.size(); ++d) {
      const tensor::Dim dim = graph_.symbols.resolve(dims[d]);
      if (!dim.known()) bound.try_emplace(dim.symbol, program_.type(in[i]).shape[static_cast<int>(d)]);
    }
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    const graph::EdgeType& declared = stage(at).output_types[i];
    if (declared.kind != graph::Kind::tensor || out[i] == 0 || out[i] == MOTET_POISON) continue;
    const program::TensorType& got = program_.type(out[i]);
    bool fits = got.dtype == declared.dtype && static_cast<std::size_t>(got.shape.rank()) == declared.dims.size();
    for (std::size_t d = 0; fits && d < declared.dims.size(); ++d) {
      const tensor::Dim dim = graph_.symbols.resolve(declared.dims[d]);
      const std::int64_t size = got.shape[static_cast<int>(d)];
      fits = dim.known() ? dim.size == size : bound.try_emplace(dim.symbol, size).first->second == size;
    }
    if (!fits) {
      base::fail(base::ErrorKind::plugin,
                 "stage '" + stage(at).name + "' (" + stage(at).type->id + ") declared " +
                     graph::text(declared, graph_.symbols) + " for its output '" + stage(at).type->outputs[i].name +
                     "' and wrote " + got.text(),
                 "the plugin's negotiate and build disagree: report it to its author");
    }
  }
}

// Operations other than matmul and embedding read plain floats: what is stored otherwise is dequantised for them.
ValueId Builder::plain(const program::OpDef& def, std::size_t operand, ValueId value,
                       const program::Attributes& attributes) {
  const program::Value& about = program_.values[value];
  const bool stored = tensor::is_quantised(about.type.dtype) || about.type.dtype == tensor::DType::f16 ||
                      about.type.dtype == tensor::DType::bf16;
  if (!stored || about.leaf != program::Leaf::weight) return value;
  if (def.name == "embedding" && operand == 0) return value;
  const program::Attribute* transpose = attributes.find("transpose_b");
  const bool transposed = transpose != nullptr && std::get_if<std::int64_t>(transpose) != nullptr &&
                          std::get<std::int64_t>(*transpose) != 0;
  if (def.name == "matmul" && operand == 1 && transposed && about.type.shape.rank() == 2) return value;
  if (def.name == "dequantise" || def.name == "cast") return value;
  return program_.emit(*program::find_op("dequantise"), {value}, {}, scope_text()).front();
}

// Motet's own ("softmax/1"), or one that a plugin of this pipeline brings ("wave.fold/1"). nullptr: there is none.
const program::OpDef* Builder::find_def(std::string_view id) {
  constexpr std::string_view kVersion = "/1";
  if (id.ends_with(kVersion)) {
    if (const program::OpDef* own = program::find_op(id.substr(0, id.size() - kVersion.size()))) return own;
  }
  if (const auto known = custom_.find(id); known != custom_.end()) return known->second;
  const auto brought = graph_.operations.find(id);
  if (brought == graph_.operations.end()) return nullptr;
  program_.owned.push_back(CustomOp::make(brought->second));
  return custom_.emplace(id, program_.owned.back().get()).first->second;
}

std::string Builder::unknown_op(std::string_view id) const {
  std::vector<std::string> known;
  for (const program::OpDef* one : program::all_ops()) known.push_back(std::string(one->name) + "/1");
  for (const auto& [brought, operation] : graph_.operations) known.push_back(brought);
  const std::string hint = base::suggestion(id, known);
  const bool of_plugin = id.find('.') != std::string_view::npos;
  return "no operation '" + std::string(id) + "'" +
         (of_plugin ? ": a pipeline knows those of the plugins whose stages it has" : "") +
         (hint.empty() ? "" : " (" + hint + ")");
}

motet_tensor Builder::emit_op(const char* op, const motet_tensor* in, uint32_t n_in, const motet_attribute* attributes,
                              uint32_t n_attributes, motet_tensor* out, uint32_t n_out) {
  for (uint32_t i = 0; i < n_out && out != nullptr; ++i) out[i] = MOTET_POISON;
  for (uint32_t i = 0; i < n_in; ++i) {
    if (in[i] == MOTET_POISON) return MOTET_POISON;
    if (in[i] >= program_.values.size()) {
      keep_mistake("an operand of " + std::string(op) + " is no tensor of this build");
      return MOTET_POISON;
    }
  }
  const program::OpDef* def = find_def(op);
  if (def == nullptr) {
    keep_mistake(unknown_op(op));
    return MOTET_POISON;
  }
  program::Attributes given;
  for (uint32_t i = 0; i < n_attributes; ++i) {
    const motet_attribute& a = attributes[i];
    switch (a.kind) {
      case MOTET_ATTRIBUTE_INTEGER:
        given.set(a.key, a.integer);
        break;
      case MOTET_ATTRIBUTE_NUMBER:
        given.set(a.key, a.number);
        break;
      case MOTET_ATTRIBUTE_STRING:
        given.set(a.key, std::string(a.string));
        break;
      default:
        given.set(a.key, std::vector<std::int64_t>(a.integers, a.integers + a.count));
        break;
    }
  }
  std::vector<ValueId> operands(in, in + n_in);
  if (operands.size() < def->inputs.size()) operands.resize(def->inputs.size(), 0);
  try {
    check_states(*def, operands, given);
    for (std::size_t i = 0; i < operands.size(); ++i) operands[i] = plain(*def, i, operands[i], given);
    const std::vector<ValueId> made = program_.emit(*def, std::move(operands), given, scope_text());
    for (uint32_t i = 0; i < n_out && i < made.size() && out != nullptr; ++i) out[i] = made[i];
    return made.empty() ? 0 : made.front();
  } catch (const program::OpError& error) {
    keep_mistake(std::string(def->name) + ": " + error.what());
    return MOTET_POISON;
  } catch (const base::Error& error) {
    // The stage's own code lies between here and whoever can catch: no exception may pass it.
    keep_mistake(error.what(), error.kind());
    return MOTET_POISON;
  }
}

motet_tensor Builder::find_weight(const char* canonical) {
  // A filler without weights of its own reads those that its owner's map keeps under the slot's scope.
  const Frame& frame = frames_.back();
  const auto& table = stage(frame.stage).weights_by_name;
  auto found = table.find(frame.weight_scope + canonical);
  if (found == table.end()) found = table.find(canonical);
  if (found == table.end()) return 0;
  const std::uint32_t number = weights_.add(found->second);
  const auto [leaf, fresh] = weight_leaves_.try_emplace(number, 0);
  if (fresh) {
    leaf->second = program_.add_leaf(program::Leaf::weight, number, found->second.name,
                                     {found->second.dtype, found->second.shape});
  }
  return leaf->second;
}

motet_tensor Builder::make_state(const char* name, motet_state_kind kind, const int64_t* sizes, uint32_t rank) {
  const StateSpec spec{scope_text() + "." + name, kind, {sizes, sizes + rank}};
  std::string problem = rows_ == 0 ? "only a generator has states" : spec.problem();
  for (std::size_t i = 0; i < states_.size() && problem.empty(); ++i) {
    if (states_[i] == spec) return state_leaves_[i];
    if (states_[i].name == spec.name) problem = "it was asked for before, of another kind or size";
  }
  if (!problem.empty()) {
    keep_mistake("state '" + std::string(name) + "': " + problem);
    return MOTET_POISON;
  }
  states_.push_back(spec);
  state_leaves_.push_back(program_.add_leaf(program::Leaf::state, static_cast<std::uint32_t>(states_.size() - 1),
                                            spec.name, spec.type(rows_, state_capacity_)));
  return state_leaves_.back();
}

// A state is no tensor: attention takes those of tokens, state_read and state_write those that a step replaces.
// Attention over a window sees no more tokens than that holds.
void Builder::check_states(const program::OpDef& def, const std::vector<ValueId>& operands,
                           program::Attributes& attributes) const {
  const bool replaces = def.name == "state_read" || def.name == "state_write";
  for (std::size_t i = 0; i < operands.size(); ++i) {
    const program::Value& value = program_.values[operands[i]];
    const bool wanted = (replaces && i == 0) || (def.name == "attention" && i == 3);
    if (value.leaf != program::Leaf::state) {
      if (wanted && operands[i] != 0)
        throw program::OpError("operand " + std::string(def.inputs[i].name) + " must be a state");
      continue;
    }
    const StateSpec& spec = states_[value.index];
    program::expect(wanted && replaces == (spec.kind == MOTET_STATE_REPLACE),
                    "state '" + spec.name + "' is " +
                        (spec.kind == MOTET_STATE_REPLACE ? "of kind replace, which state_read and state_write take"
                                                          : "of tokens, which attention takes as its past"));
    if (spec.kind != MOTET_STATE_WINDOW) continue;
    const program::Attribute* given = attributes.find("window");
    const auto* tokens = given != nullptr ? std::get_if<std::int64_t>(given) : nullptr;
    program::expect(tokens == nullptr || *tokens <= spec.sizes[0],
                    "a window of " + std::to_string(tokens != nullptr ? *tokens : 0) + " tokens over state '" +
                        spec.name + "', which keeps " + std::to_string(spec.sizes[0]));
    if (tokens == nullptr || *tokens <= 0) attributes.set("window", spec.sizes[0]);
  }
}

motet_status Builder::call_slot(const char* slot, uint32_t at, const motet_tensor* in, uint32_t n_in, motet_tensor* out,
                                uint32_t n_out) {
  const graph::Stage& owner = stage(frames_.back().stage);
  const auto found = owner.slots.find(slot);
  if (found == owner.slots.end()) {
    keep_mistake("slot '" + std::string(slot) + "' is empty");
    return MOTET_UNSUPPORTED;
  }
  const graph::Stage& filler = stage(found->second);
  std::vector<motet_tensor> operands(in, in + n_in);
  for (std::size_t port = 0; port < filler.inputs.size(); ++port) {
    if (filler.type->inputs[port].has(MOTET_PORT_FROM_CALLER)) continue;
    const auto& source = filler.inputs[port];
    const auto value = source ? sources_.find({source->stage, source->port}) : sources_.end();
    operands.push_back(value == sources_.end() ? 0 : value->second);
  }
  const std::string scope = std::string(slot) + "." + std::to_string(at);
  if (!frames_.back().called.insert(scope).second)
    owner.instance->checks().add(host::kSlotIndexOnce, "its build called slot '" + std::string(slot) + "' with index " +
                                                           std::to_string(at) + " twice");
  frames_.push_back({found->second, scope_text() + "/" + scope, scope + "."});
  std::vector<std::string> outer;
  outer.swap(scopes_);
  motet_status status = MOTET_OK;
  try {
    filler.instance->build(this, operands, std::span<motet_tensor>(out, n_out), {});
  } catch (const base::Error& error) {
    if (error.kind() == base::ErrorKind::environment) throw std::bad_alloc();
    // The owner's code lies between here and whoever can catch: no exception may pass it.
    keep_mistake(error.what());
    for (uint32_t i = 0; i < n_out; ++i) out[i] = MOTET_POISON;
    status = MOTET_INTERNAL;
  }
  scopes_.swap(outer);
  frames_.pop_back();
  return status;
}

void Builder::connect_table() {
  struct_size = sizeof(motet_builder);
  emit = [](motet_builder* b, const char* op, const motet_tensor* in, uint32_t n_in, const motet_attribute* attributes,
            uint32_t n_attributes, motet_tensor* out, uint32_t n_out) {
    return answered(motet_tensor{MOTET_POISON},
                    [&] { return self(b).emit_op(op, in, n_in, attributes, n_attributes, out, n_out); });
  };
  spec_of = [](motet_builder* b, motet_tensor tensor, motet_tensor_spec* spec) -> motet_status {
    if (tensor == 0 || tensor >= self(b).program_.values.size()) return MOTET_INTERNAL;
    return answered(motet_status{MOTET_OUT_OF_MEMORY}, [&] {
      const program::TensorType& type = self(b).program_.type(tensor);
      host::TensorSpec out{type.dtype, {}};
      for (std::int64_t size : type.shape) out.shape.push_back(tensor::Dim::number(size));
      *spec = host::to_abi(out);
      return motet_status{MOTET_OK};
    });
  };
  has_op = [](motet_builder* b, const char* op) -> int {
    return answered(0, [&] { return self(b).find_def(op) != nullptr ? 1 : 0; });
  };
  weight = [](motet_builder* b, const char* canonical) {
    return answered(motet_tensor{MOTET_POISON}, [&] { return self(b).find_weight(canonical); });
  };
  state = [](motet_builder* b, const char* name, motet_state_kind kind, const int64_t* sizes, uint32_t rank) {
    return answered(motet_tensor{MOTET_POISON}, [&] { return self(b).make_state(name, kind, sizes, rank); });
  };
  row = [](motet_builder* b) { return self(b).row_; };
  length_of = [](motet_builder* b, motet_tensor tensor) { return self(b).length(tensor); };
  slot_filled = [](motet_builder* b, const char* slot) -> int {
    const graph::Stage& owner = self(b).stage(self(b).frames_.back().stage);
    return answered(0, [&] { return owner.slots.contains(slot) ? 1 : 0; });
  };
  slot_build = [](motet_builder* b, const char* slot, uint32_t at, const motet_tensor* in, uint32_t n_in,
                  motet_tensor* out, uint32_t n_out) {
    return answered(motet_status{MOTET_OUT_OF_MEMORY},
                    [&] { return self(b).call_slot(slot, at, in, n_in, out, n_out); });
  };
  enter_scope = [](motet_builder* b, const char* name) {
    (void)answered(false, [&] { return self(b).scopes_.emplace_back(name), true; });
  };
  leave_scope = [](motet_builder* b) {
    if (!self(b).scopes_.empty()) self(b).scopes_.pop_back();
  };
  fail = [](motet_builder* b, const char* message) {
    (void)answered(false, [&] { return self(b).keep_mistake(message), true; });
  };
}

}  // namespace motet::lower
