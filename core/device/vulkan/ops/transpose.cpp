#include "device/vulkan/epilogues.hpp"
#include "device/vulkan/kernel.hpp"
#include "device/vulkan/strided.hpp"

namespace motet::device::vulkan::ops {
namespace {

void record(KernelCall& call) {
  const tensor::Shape& y = call.output_shape();
  const auto& permutation = call.attributes().integers("permutation");
  const auto x_strides = tensor::row_major_strides(call.input_shape(0));
  const auto y_strides = tensor::row_major_strides(y);
  Rearrangement wanted;
  for (std::size_t d = 0; d < permutation.size(); ++d) {
    const auto from = static_cast<std::size_t>(permutation[d]);
    wanted.dimensions.push_back({static_cast<std::uint32_t>(y[static_cast<int>(d)]),
                                 static_cast<std::uint32_t>(x_strides[from]),
                                 static_cast<std::uint32_t>(y_strides[d])});
  }
  add_copy(call, call.input(0), call.output(), wanted);
}
}  // namespace

extern const KernelDef transpose;
const KernelDef transpose{"transpose", record, false};
}  // namespace motet::device::vulkan::ops
