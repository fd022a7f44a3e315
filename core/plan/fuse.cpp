#include "plan/fuse.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace motet::plan {
namespace {

using program::Leaf;
using program::Op;
using program::Program;
using program::ValueId;

constexpr std::size_t kNoStep = static_cast<std::size_t>(-1);

bool takes_epilogues(const program::OpDef& op) {
  constexpr std::array<std::string_view, 8> kProducers = {"matmul",   "conv1d",     "conv2d", "layer_norm",
                                                          "rms_norm", "group_norm", "unary",  "binary"};
  return std::find(kProducers.begin(), kProducers.end(), op.name) != kProducers.end();
}

std::optional<Epilogue::Reach> reach_of(const tensor::Shape& operand, const tensor::Shape& y) {
  if (operand == y) return Epilogue::Reach::same;
  if (operand.elements() == 1) return Epilogue::Reach::one;
  if (operand.rank() >= 1 && y.rank() >= 1 && operand[-1] == y[-1] && operand.elements() == y[-1] &&
      operand.rank() <= y.rank()) {
    return Epilogue::Reach::last_dimension;
  }
  return std::nullopt;
}

class Fuser {
 public:
  Fuser(const Program& program, const Traits& traits) : program_(program), traits_(traits) {
    out_.storage.resize(program.values.size());
    for (ValueId id = 0; id < program.values.size(); ++id) out_.storage[id] = id;
    made_by_.assign(program.values.size(), kNoStep);
    uses_.assign(program.values.size(), 0);
    for (const Op& op : program.ops) {
      for (ValueId id : op.inputs) ++uses_[id];
    }
    for (const program::Result& result : program.results) uses_[result.value] += 2;  // never fused away
  }

  Fused run() {
    for (const Op& op : program_.ops) {
      if (op.def->name == "reshape" && make_view(op)) continue;
      if ((op.def->name == "unary" || op.def->name == "binary") && append(op)) continue;
      push(op);
    }
    return std::move(out_);
  }

 private:
  const tensor::Shape& shape(ValueId id) const { return program_.type(id).shape; }

  // A view shares its source's memory. What the host reads must lie in the result region, which a leaf does not.
  bool make_view(const Op& op) {
    const ValueId source = out_.storage[op.inputs[0]];
    const ValueId view = op.outputs[0];
    const bool is_result = std::any_of(program_.results.begin(), program_.results.end(),
                                       [&](const program::Result& r) { return r.value == view; });
    if (is_result && program_.values[source].leaf != Leaf::none) return false;
    out_.storage[view] = source;
    made_by_[view] = made_by_[source];
    return true;
  }

  void push(const Op& op) {
    Step step{op.def,  {op.inputs.begin(), op.inputs.end()}, {op.outputs.begin(), op.outputs.end()}, op.attributes, {},
              op.scope};
    for (ValueId id : op.outputs) made_by_[id] = out_.steps.size();
    out_.steps.push_back(std::move(step));
  }

  // The step that `op` can join as an epilogue on operand `which`, kNoStep where none can take it.
  std::size_t host_for(const Op& op, std::size_t which) const {
    const ValueId y = op.inputs[which];
    const std::size_t at = made_by_[y];
    if (at == kNoStep || uses_[y] != 1 || out_.storage[y] != y) return kNoStep;
    const Step& step = out_.steps[at];
    if (!takes_epilogues(*step.op) || step.outputs[0] != y || program_.type(y).dtype != tensor::DType::f32)
      return kNoStep;
    if (!(shape(y) == shape(op.outputs[0])) || program_.type(op.outputs[0]).dtype != tensor::DType::f32) return kNoStep;
    if (static_cast<int>(step.epilogues.size()) >= traits_.max_epilogues) return kNoStep;
    if (op.def->name == "unary") return at;
    const ValueId other = op.inputs[1 - which];
    const auto operands =
        std::count_if(step.epilogues.begin(), step.epilogues.end(), [](const Epilogue& e) { return e.operand != 0; });
    if (other == y || operands >= traits_.max_epilogue_operands) return kNoStep;
    if (!reach_of(shape(other), shape(y))) return kNoStep;
    const std::size_t other_at = made_by_[out_.storage[other]];
    return other_at == kNoStep || other_at < at ? at : kNoStep;
  }

  bool append(const Op& op) {
    std::size_t which = 0;
    std::size_t at = host_for(op, 0);
    if (op.def->name == "binary") {
      const std::size_t second = host_for(op, 1);
      if (second != kNoStep && (at == kNoStep || second > at)) {
        which = 1;
        at = second;
      }
    }
    if (at == kNoStep) return false;
    Step& step = out_.steps[at];
    Epilogue epilogue;
    epilogue.fn = op.attributes.string("fn");
    if (op.def->name == "binary") {
      epilogue.operand = op.inputs[1 - which];
      epilogue.reach = *reach_of(shape(epilogue.operand), shape(op.outputs[0]));
      epilogue.operand_first = which == 1;
    }
    step.epilogues.push_back(std::move(epilogue));
    step.outputs[0] = op.outputs[0];
    made_by_[op.outputs[0]] = at;
    return true;
  }

  const Program& program_;
  const Traits& traits_;
  Fused out_;
  std::vector<std::size_t> made_by_;  // by value: the step that writes it
  std::vector<int> uses_;
};

}  // namespace

Fused fuse(const Program& program, const Traits& traits) { return Fuser(program, traits).run(); }

}  // namespace motet::plan
