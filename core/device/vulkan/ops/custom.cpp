#include "program/custom.hpp"

#include <algorithm>

#include "device/vulkan/custom_shaders.hpp"
#include "device/vulkan/custom_source.hpp"
#include "device/vulkan/kernel.hpp"

namespace motet::device::vulkan::ops {
namespace {

// Rounds of loops in one dispatch: even where a round is a hundred multiply-adds it ends before a watchdog barks.
constexpr std::uint64_t kRoundsOfDispatch = std::uint64_t{1} << 28;
constexpr double kMultiplyAddsOfRound = 32;  // a guess on the safe side: the author says rounds, not what is in them

void record(KernelCall& call) {
  const program::OpDef& op = *call.step().op;
  std::vector<const tensor::TensorType*> inputs;
  for (const plan::TensorId id : call.step().inputs) inputs.push_back(id == 0 ? nullptr : &call.type(id));
  std::vector<tensor::TensorType> outputs;
  for (const plan::TensorId id : call.step().outputs) outputs.push_back(call.type(id));
  const std::vector<std::int64_t> costs = op.custom->costs({inputs, call.attributes()}, outputs);
  const Operand facts = call.constant(custom_facts(call));
  for (std::size_t output = 0; output < outputs.size(); ++output) {
    const auto elements = static_cast<std::uint64_t>(outputs[output].shape.elements());
    const auto cost = static_cast<std::uint64_t>(costs[output]);
    const std::uint64_t most = std::max<std::uint64_t>(kRoundsOfDispatch / cost, 1);
    for (std::uint64_t first = 0; first < elements; first += most) {
      const std::uint64_t count = std::min(most, elements - first);
      Dispatch dispatch(call.custom_shaders().find(op, output));
      dispatch.bind("facts", facts).bind("result", call.output(output));
      for (std::size_t i = 0; i < inputs.size(); ++i) dispatch.bind("input" + std::to_string(i), call.input(i));
      dispatch.push("first", static_cast<std::uint32_t>(first)).push("count", static_cast<std::uint32_t>(count));
      dispatch.set("local_size_x", call.elementwise_size()).linear(count, call.elementwise_size());
      dispatch.work(kMultiplyAddsOfRound * static_cast<double>(count * cost));
      call.add(std::move(dispatch));
    }
  }
}
}  // namespace

extern const KernelDef custom;
const KernelDef custom{"custom", record, false};
}  // namespace motet::device::vulkan::ops
