#include <algorithm>
#include <array>
#include "device/vulkan/epilogues.hpp"
#include "device/vulkan/kernel.hpp"
#include "device/vulkan/strided.hpp"

namespace motet::device::vulkan::ops {
namespace {

constexpr std::array<std::string_view, 4> kFunctions = {"sum", "mean", "max", "min"};
// Fewer results than this leave a device idle, so that a workgroup makes each.
constexpr std::uint32_t kManyResults = 2048;

void record(KernelCall& call) {
  const tensor::Shape& x = call.input_shape(0);
  const int axis = static_cast<int>((call.attributes().integer("axis") + x.rank()) % x.rank());
  std::uint32_t outer = 1, inner = 1;
  for (int d = 0; d < axis; ++d) outer *= static_cast<std::uint32_t>(x[d]);
  for (int d = axis + 1; d < x.rank(); ++d) inner *= static_cast<std::uint32_t>(x[d]);
  const auto fn = std::ranges::find(kFunctions, call.attributes().string("fn")) - kFunctions.begin();
  // Neighbouring invocations should read neighbouring elements.
  const bool across = inner < 32 && (inner == 1 || outer * inner < kManyResults);
  const std::uint32_t size = across ? call.row_size() : call.elementwise_size();
  Dispatch dispatch("reduce");
  dispatch.bind("x", call.input(0)).bind("length", call.input(1)).bind("y", call.output());
  dispatch.push("outer", outer).push("n", static_cast<std::uint32_t>(x[axis])).push("inner", inner);
  dispatch.set("FN", static_cast<std::uint32_t>(fn)).set("ACROSS", across).set("HAS_LENGTH", call.has(1));
  dispatch.set("local_size_x", size).linear(std::uint64_t{outer} * inner, across ? 1 : size);
  call.add(std::move(dispatch));
}
}  // namespace

extern const KernelDef reduce;
const KernelDef reduce{"reduce", record, false};
}  // namespace motet::device::vulkan::ops
