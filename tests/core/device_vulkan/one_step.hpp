// Runs a single operation on a Vulkan device: inputs in, results out.
#pragma once

#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "device/device.hpp"
#include "program/op_def.hpp"

namespace motet::device::vulkan::tests {

using tensor::DType;
using tensor::HostTensor;
using tensor::Shape;

// Values in [-1, 1] that repeat from run to run.
inline HostTensor noise(Shape shape, unsigned seed = 1) {
  HostTensor made(DType::f32, shape);
  unsigned state = seed * 2654435761u + 12345u;
  for (float& value : made.as<float>()) {
    state = state * 1664525u + 1013904223u;
    value = static_cast<float>(static_cast<int>(state >> 8) - (1 << 23)) / static_cast<float>(1 << 23);
  }
  return made;
}

// A plan of one step whose operands are a run's inputs; null where an optional one is absent. Operands with a buffer in
// `weights` are that weight instead.
class OneStep {
 public:
  OneStep(Device& device, const std::string& op, const std::vector<const HostTensor*>& operands,
          const program::Attributes& given = {},
          std::vector<std::pair<plan::Epilogue, const HostTensor*>> epilogues = {},
          const std::vector<const Buffer*>& weights = {}) {
    const program::OpDef* def = program::find_op(op);
    plan_.name = op;
    plan::Step step;
    step.op = def;
    step.attributes = def->complete(given);
    std::vector<const tensor::TensorType*> types;
    Bindings bindings;
    for (const HostTensor* operand : operands) {
      const Buffer* weight = types.size() < weights.size() ? weights[types.size()] : nullptr;
      types.push_back(operand == nullptr ? nullptr : &operand->type());
      if (weight != nullptr) {
        step.inputs.push_back(static_cast<plan::TensorId>(plan_.tensors.size()));
        plan_.tensors.push_back(
            {operand->type(), plan::Region::weight, static_cast<std::uint32_t>(bindings.weights.size()), 0, 0, 0, ""});
        bindings.weights.push_back(weight);
      } else {
        step.inputs.push_back(operand == nullptr ? 0 : add_input(*operand));
      }
    }
    while (types.size() < def->inputs.size() && !def->inputs.back().variadic) {  // optional ones that were not given
      step.inputs.push_back(0);
      types.push_back(nullptr);
    }
    for (auto& [epilogue, operand] : epilogues) {
      if (operand != nullptr) epilogue.operand = add_input(*operand);
      step.epilogues.push_back(epilogue);
    }
    for (const tensor::TensorType& type : def->output_types(types, step.attributes)) {
      const auto id = static_cast<plan::TensorId>(plan_.tensors.size());
      plan_.tensors.push_back(
          {type, plan::Region::result, static_cast<std::uint32_t>(plan_.results.size()), plan_.result_bytes, 0, 0, ""});
      plan_.result_bytes += (type.size_bytes() + 255) / 256 * 256;
      plan_.results.push_back(id);
      step.outputs.push_back(id);
    }
    plan_.steps.push_back(step);
    made_ = device.prepare(plan_, bindings);
    for (std::size_t i = 0; i < given_.size(); ++i)
      std::memcpy(made_->input(i).data(), given_[i]->data(), given_[i]->size_bytes());
  }

  Executable& executable() { return *made_; }
  HostTensor run(std::size_t result = 0) {
    made_->run();
    HostTensor out(plan_.tensors[plan_.results[result]].type);
    std::memcpy(out.data(), made_->result(result).data(), out.size_bytes());
    return out;
  }

 private:
  plan::TensorId add_input(const HostTensor& operand) {
    const auto id = static_cast<plan::TensorId>(plan_.tensors.size());
    plan_.tensors.push_back({operand.type(), plan::Region::input, static_cast<std::uint32_t>(plan_.inputs.size()),
                             plan_.input_bytes, 0, 0, ""});
    plan_.input_bytes += (operand.size_bytes() + 255) / 256 * 256;
    plan_.inputs.push_back(id);
    given_.push_back(&operand);
    return id;
  }

  plan::Plan plan_;
  std::vector<const HostTensor*> given_;
  std::unique_ptr<Executable> made_;
};

}  // namespace motet::device::vulkan::tests
