#include "device/cpu/executable.hpp"

#include <cassert>
#include <chrono>

#include "base/error.hpp"

namespace motet::device::cpu {
namespace {

std::uint64_t now_ns() {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
          .count());
}

}  // namespace

CpuExecutable::CpuExecutable(Engine& engine, const plan::Plan& plan, const Bindings& bindings)
    : engine_(engine), input_(plan.input_bytes), result_(plan.result_bytes) {
  engine_.counters.allocations += (plan.input_bytes != 0) + (plan.result_bytes != 0);
  kernels_.reserve(plan.steps.size());
  for (const plan::Step& step : plan.steps) kernels_.push_back(bind(plan, bindings, step));
  for (plan::TensorId id : plan.inputs) {
    const Operand tensor = operand(plan, bindings, id);
    inputs_.push_back({tensor.data, tensor.type->size_bytes()});
  }
  for (plan::TensorId id : plan.results) {
    const Operand tensor = operand(plan, bindings, id);
    results_.push_back({tensor.data, tensor.type->size_bytes()});
  }
  ++engine_.counters.recordings;
}

Operand CpuExecutable::operand(const plan::Plan& plan, const Bindings& bindings, plan::TensorId id) const {
  if (id == 0) return {};
  const plan::Tensor& tensor = plan.tensors[id];
  const auto of = [&](const Buffer* buffer) {
    const auto* own = static_cast<const CpuBuffer*>(buffer);
    assert(own != nullptr && tensor.offset + tensor.type.size_bytes() <= own->size_bytes());
    return Operand{&tensor.type, own->data() + tensor.offset, own->constant() && tensor.offset == 0 ? own : nullptr};
  };
  switch (tensor.region) {
    case plan::Region::input:
      return {&tensor.type, input_.data() + tensor.offset, nullptr};
    case plan::Region::result:
      return {&tensor.type, result_.data() + tensor.offset, nullptr};
    case plan::Region::arena:
      return bindings.arena != nullptr ? of(bindings.arena) : Operand{&tensor.type, nullptr, nullptr};
    case plan::Region::weight:
      return of(bindings.weights[tensor.index]);
    case plan::Region::state:
      return of(bindings.states[tensor.index]);
    case plan::Region::kept:
      return of(bindings.kept[tensor.index]);
    case plan::Region::none:
      break;
  }
  assert(false && "a tensor without a place");
  return {};
}

std::unique_ptr<Kernel> CpuExecutable::bind(const plan::Plan& plan, const Bindings& bindings, const plan::Step& step) {
  const KernelDef* def = find_kernel(step.op->kernel());
  assert(def != nullptr);
  Binding binding{step, {}, {}, {}, engine_.pool.threads()};
  for (plan::TensorId id : step.inputs) binding.inputs.push_back(operand(plan, bindings, id));
  for (plan::TensorId id : step.outputs) binding.outputs.push_back(operand(plan, bindings, id));
  for (const plan::Epilogue& epilogue : step.epilogues) {
    binding.epilogue_operands.push_back(operand(plan, bindings, epilogue.operand));
  }
  std::unique_ptr<Kernel> kernel = def->bind(binding);
  engine_.counters.allocations += engine_.scratch.reserve(binding.worker_bytes, binding.shared_bytes);
  return kernel;
}

void CpuExecutable::run(std::vector<StepTime>* times) {
  const Run context{engine_.pool, engine_.scratch};
  if (times == nullptr) {
    for (const auto& kernel : kernels_) kernel->run(context);
    return;
  }
  times->resize(kernels_.size());
  for (std::size_t i = 0; i < kernels_.size(); ++i) {
    (*times)[i].begin_ns = now_ns();
    kernels_[i]->run(context);
    (*times)[i].end_ns = now_ns();
  }
}

}  // namespace motet::device::cpu
