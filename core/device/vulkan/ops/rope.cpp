#include <cmath>
#include <numbers>
#include "device/vulkan/epilogues.hpp"
#include "device/vulkan/kernel.hpp"
#include "device/vulkan/strided.hpp"

namespace motet::device::vulkan::ops {
namespace {

// Frequencies theta^(-2 i / dims) in turns of a circle, as 64-bit fractions.
std::vector<std::uint32_t> turns(std::uint32_t pairs, double theta) {
  std::vector<std::uint32_t> words;
  for (std::uint32_t i = 0; i < pairs; ++i) {
    const long double radians = std::pow(static_cast<long double>(theta), -static_cast<long double>(i) / pairs);
    const long double fraction = radians / (2 * std::numbers::pi_v<long double>);
    const auto fixed = static_cast<std::uint64_t>((fraction - std::floor(fraction)) * 0x1p64L);
    words.push_back(static_cast<std::uint32_t>(fixed >> 32));
    words.push_back(static_cast<std::uint32_t>(fixed));
  }
  return words;
}

void record(KernelCall& call) {
  const tensor::Shape& x = call.input_shape(0);
  const auto pairs = static_cast<std::uint32_t>(call.attributes().integer("dims") / 2);
  const auto heads = static_cast<std::uint32_t>(x[-2]);
  const auto size = static_cast<std::uint32_t>(x[-1]);
  if (count(x) == 0) return;
  const std::uint32_t n = count(x) / size * ((size + 1) / 2);
  Dispatch dispatch("rope");
  dispatch.bind("x", call.input(0)).bind("position", call.input(1)).bind("y", call.output());
  dispatch.bind("turns", call.constant(turns(pairs, call.attributes().number("theta"))));
  dispatch.push("n", n).push("heads", heads).push("size", size).push("pairs", pairs);
  dispatch.push("times", static_cast<std::uint32_t>(x[-3]));
  dispatch.set("INTERLEAVED", call.attributes().string("layout") == "interleaved").set("HAS_POSITION", call.has(1));
  dispatch.set("local_size_x", call.elementwise_size()).linear(n, call.elementwise_size());
  call.add(std::move(dispatch));
}
}  // namespace

extern const KernelDef rope;
const KernelDef rope{"rope", record, false};
}  // namespace motet::device::vulkan::ops
