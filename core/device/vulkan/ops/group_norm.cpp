#include <algorithm>
#include "device/vulkan/epilogues.hpp"
#include "device/vulkan/kernel.hpp"
#include "device/vulkan/strided.hpp"

namespace motet::device::vulkan::ops {
namespace {

// About so many positions go to one workgroup.
constexpr std::uint32_t kElementsOfPart = 16384;

void record(KernelCall& call) {
  const tensor::Shape& x = call.input_shape(0);
  const auto batches = static_cast<std::uint32_t>(x[0]);
  const auto times = static_cast<std::uint32_t>(x[1]);
  const auto channels = static_cast<std::uint32_t>(x[2]);
  const auto groups = static_cast<std::uint32_t>(call.attributes().integer("groups"));
  if (count(x) == 0) return;
  const std::uint32_t positions = std::clamp(kElementsOfPart / (channels / groups), 1u, times);
  const std::uint32_t parts = (times + positions - 1) / positions;
  const Operand partial = call.scratch(12ull * batches * groups * parts);

  const auto feed = [&](Dispatch& dispatch) {
    dispatch.bind("x", call.input(0)).bind("partial", partial);
    dispatch.push("times", times).push("channels", channels).push("groups", groups);
    dispatch.push("positions", positions).push("parts", parts);
    dispatch.set("WHOLE", groups == 1).groups(parts, batches * groups);
  };
  const std::uint32_t size = call.row_size();
  Dispatch sums("group_norm_sums");
  feed(sums);
  sums.set("local_size_x", size);
  call.add(std::move(sums));
  Dispatch finish("group_norm");
  feed(finish);
  finish.bind("weight", call.input(1)).bind("bias", call.input(2)).bind("y", call.output());
  finish.push("eps", static_cast<float>(call.attributes().number("eps")));
  finish.set("HAS_WEIGHT", call.has(1)).set("HAS_BIAS", call.has(2)).set("local_size_x", size);
  set_epilogues(call, finish);
  call.add(std::move(finish));
}
}  // namespace

extern const KernelDef group_norm;
const KernelDef group_norm{"group_norm", record, true};
}  // namespace motet::device::vulkan::ops
