#include <algorithm>

#include "device/vulkan/kernel.hpp"
#include "device/vulkan/strided.hpp"

namespace motet::device::vulkan::ops {
namespace {

constexpr std::uint32_t kTogether = 4096;  // updates whose lists are made at once: each looks at all of them

// y = x; then for some updates at a time the lists of each row's updates, and their sums. Atomic additions of floats
// are few drivers' and would add in another order each time.
void record(KernelCall& call) {
  const std::uint32_t n = count(call.output_shape());
  if (n == 0) return;
  const auto rows = static_cast<std::uint32_t>(call.input_shape(0)[0]);
  const std::uint32_t columns = n / rows;
  const auto updates = static_cast<std::uint32_t>(call.input_shape(1)[0]);
  add_copy(call, call.input(0), call.output(), {{{n, 1, 1}}});
  if (updates == 0) return;
  const Operand links = call.scratch(4ull * std::min(kTogether, updates));
  const std::uint32_t size = call.elementwise_size();
  for (std::uint32_t begin = 0; begin < updates; begin += kTogether) {
    const std::uint32_t end = std::min(begin + kTogether, updates);
    Dispatch link("scatter_add_links");
    link.bind("index", call.input(1)).bind("links", links);
    link.push("begin", begin).push("end", end).push("rows", rows);
    link.set("local_size_x", size).linear(end - begin, size).work(double{1} * (end - begin) * (end - begin));
    call.add(std::move(link));
    Dispatch add("scatter_add");
    add.bind("index", call.input(1)).bind("links", links).bind("updates", call.input(2)).bind("y", call.output());
    add.push("begin", begin).push("end", end).push("columns", columns);
    add.set("local_size_x", size).linear(std::uint64_t{end - begin} * columns, size);
    call.add(std::move(add));
  }
}
}  // namespace

extern const KernelDef scatter_add;
const KernelDef scatter_add{"scatter_add", record, false};
}  // namespace motet::device::vulkan::ops
