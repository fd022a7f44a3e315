// One operation on a device, ready to run, and what it is fed.
#pragma once

#include <algorithm>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "device/device.hpp"
#include "program/op_def.hpp"
#include "tensor/blocks.hpp"
#include "tensor/host_tensor.hpp"

namespace motet::bench {

using plan::Region;
using program::Attributes;
using tensor::DType;
using tensor::HostTensor;
using tensor::Shape;

// Small numbers, whatever the type; the same each time.
inline HostTensor random_tensor(DType dtype, Shape shape) {
  HostTensor tensor(dtype, shape);
  unsigned state = 12345;
  const auto next = [&] { return state = state * 1664525u + 1013904223u; };
  if (dtype == DType::f32) {
    for (float& value : tensor.as<float>()) value = static_cast<float>(next() >> 8) / 16777216.0f - 0.5f;
    return tensor;
  }
  for (std::byte& byte : tensor.bytes()) byte = static_cast<std::byte>(next() >> 24);
  const std::size_t block = tensor::info(dtype).block_bytes;
  for (std::size_t at = 0; tensor::is_quantised(dtype) && at < tensor.size_bytes(); at += block) {
    const std::uint16_t half = tensor::to_f16(0.01f);
    std::memcpy(tensor.data() + at, &half, sizeof half);
    if (dtype == DType::q4_1) std::memcpy(tensor.data() + at + 2, &half, sizeof half);
  }
  return tensor;
}

struct Operand {
  HostTensor tensor;
  Region region = Region::input;
};

class Prepared {
 public:
  Prepared(device::Device& device, const char* op, const Attributes& given, std::vector<Operand> operands)
      : operands_(std::move(operands)) {
    const program::OpDef* def = program::find_op(op);
    plan::Step step;
    step.op = def;
    step.attributes = def->complete(given);
    std::vector<const tensor::TensorType*> types;
    device::Bindings bindings;
    for (const Operand& operand : operands_) {
      const bool absent = operand.tensor.dtype() == DType::none;
      types.push_back(absent ? nullptr : &operand.tensor.type());
      step.inputs.push_back(absent ? 0 : add(operand.tensor.type(), operand.region, bindings.weights.size()));
      if (absent || operand.region == Region::input) continue;
      buffers_.push_back(device.constant(operand.tensor.bytes()));
      bindings.weights.push_back(buffers_.back().get());
    }
    for (const auto& type : def->output_types(types, step.attributes))
      step.outputs.push_back(add(type, Region::result, 0));
    plan_.steps.push_back(std::move(step));
    executable_ = device.prepare(plan_, bindings);
    std::size_t i = 0;
    for (const Operand& operand : operands_) {
      if (operand.tensor.dtype() == DType::none || operand.region != Region::input) continue;
      std::memcpy(executable_->input(i++).data(), operand.tensor.data(), operand.tensor.size_bytes());
    }
  }

  void run() { executable_->run(); }
  device::Executable& executable() { return *executable_; }

 private:
  plan::TensorId add(const tensor::TensorType& type, Region region, std::size_t index) {
    plan::Tensor tensor;
    tensor.type = type;
    tensor.region = region;
    tensor.index = static_cast<std::uint32_t>(index);
    const std::uint64_t bytes = (type.size_bytes() + 63) / 64 * 64;
    const auto id = static_cast<plan::TensorId>(plan_.tensors.size());
    if (region == Region::input)
      tensor.offset = std::exchange(plan_.input_bytes, plan_.input_bytes + bytes), plan_.inputs.push_back(id);
    if (region == Region::result)
      tensor.offset = std::exchange(plan_.result_bytes, plan_.result_bytes + bytes), plan_.results.push_back(id);
    plan_.tensors.push_back(tensor);
    return id;
  }

  std::vector<Operand> operands_;
  std::vector<std::unique_ptr<device::Buffer>> buffers_;
  plan::Plan plan_;
  std::unique_ptr<device::Executable> executable_;
};

}  // namespace motet::bench
