#include "device/vulkan/strided.hpp"

namespace motet::device::vulkan {

Broadcast broadcast(const tensor::Shape& result, std::span<const tensor::Shape> operands) {
  Broadcast found;
  found.masks.assign(operands.size(), 0);
  std::vector<bool> previous;
  for (int d = 0; d < result.rank(); ++d) {
    if (result[d] == 1) continue;
    std::vector<bool> has;
    for (const tensor::Shape& operand : operands) {
      const int at = d - (result.rank() - operand.rank());
      has.push_back(at >= 0 && operand[at] != 1);
    }
    if (!found.sizes.empty() && has == previous) {
      found.sizes.back() *= static_cast<std::uint32_t>(result[d]);
      continue;
    }
    for (std::size_t i = 0; i < has.size(); ++i) {
      if (has[i]) found.masks[i] |= 1u << found.sizes.size();
    }
    found.sizes.push_back(static_cast<std::uint32_t>(result[d]));
    previous = has;
  }
  if (found.sizes.empty()) found.sizes.push_back(1);
  return found;
}

void add_copy(KernelCall& call, Operand x, Operand y, const Rearrangement& wanted) {
  std::vector<Rearrangement::Dimension> joined;
  std::uint64_t elements = 1;
  for (const Rearrangement::Dimension& next : wanted.dimensions) {
    elements *= next.size;
    if (next.size == 1) continue;
    if (!joined.empty()) {
      Rearrangement::Dimension& before = joined.back();
      if (before.x_stride == next.x_stride * next.size && before.y_stride == next.y_stride * next.size) {
        before = {before.size * next.size, next.x_stride, next.y_stride};
        continue;
      }
    }
    joined.push_back(next);
  }
  if (joined.empty()) joined.push_back({1, 1, 1});
  std::vector<std::uint32_t> sizes, x_strides, y_strides;
  for (const auto& dimension : joined) {
    sizes.push_back(dimension.size);
    x_strides.push_back(dimension.x_stride);
    y_strides.push_back(dimension.y_stride);
  }
  Dispatch dispatch("copy");
  dispatch.bind("x", x).bind("y", y).push("n", static_cast<std::uint32_t>(elements));
  dispatch.push("x_offset", wanted.x_offset).push("y_offset", wanted.y_offset);
  dispatch.push("sizes", sizes).push("x_strides", x_strides).push("y_strides", y_strides);
  dispatch.set("RANK", static_cast<std::uint32_t>(sizes.size())).set("local_size_x", call.elementwise_size());
  dispatch.linear(elements, call.elementwise_size());
  call.add(std::move(dispatch));
}

}  // namespace motet::device::vulkan
