#include "device/vulkan/epilogues.hpp"
#include "device/vulkan/kernel.hpp"
#include "device/vulkan/strided.hpp"
#include <cmath>

namespace motet::device::vulkan::ops {
namespace {

enum Input : std::size_t { kQuery, kKey, kValue, kPast, kRow, kPosition, kLength, kBias };
enum Form : std::uint32_t { kBatch, kState, kKept };

struct Layout {  // of the keys, in elements
  std::uint32_t rows, keys, token_stride, head_stride, row_stride, value_base;
};

Layout layout_of(const KernelCall& call, Form form) {
  const auto at = [](const tensor::Shape& shape, int axis) { return static_cast<std::uint32_t>(shape[axis]); };
  if (form == kState) {  // [2, R, Hkv, C, d]
    const tensor::Shape& past = call.input_shape(kPast);
    const std::uint32_t head = at(past, 3) * at(past, 4);
    return {at(past, 1), at(past, 3), at(past, 4), head, at(past, 2) * head, at(past, 1) * at(past, 2) * head};
  }
  const tensor::Shape& key = call.input_shape(kKey);  // [R, C, Hkv, d]
  const std::uint32_t token = at(key, 2) * at(key, 3);
  return {at(key, 0), at(key, 1), token, at(key, 3), at(key, 1) * token, 0};
}

// This step's keys and values come first, since its tokens see each other.
void add_write(KernelCall& call, const Layout& layout) {
  const std::uint32_t n = count(call.input_shape(kKey));
  Dispatch dispatch("attention_write");
  dispatch.bind("key", call.input(kKey)).bind("value", call.input(kValue)).bind("row", call.input(kRow));
  dispatch.bind("position", call.input(kPosition)).bind("past", call.input(kPast));
  dispatch.push("n", n).push("rows", layout.rows).push("key_heads", static_cast<std::uint32_t>(call.input_shape(kKey)[1]));
  dispatch.push("keys", layout.keys).push("size", last(call.input_shape(kKey)));
  dispatch.set("local_size_x", call.elementwise_size()).linear(n, call.elementwise_size());
  call.add(std::move(dispatch));
}

void record(KernelCall& call) {
  const tensor::Shape& query = call.input_shape(kQuery);
  const Form form = query.rank() == 4 ? kBatch : call.has(kPast) ? kState : kKept;
  if (count(query) == 0) return;
  const Layout layout = layout_of(call, form);
  if (form == kState) add_write(call, layout);
  const std::uint32_t size = last(query);
  const auto heads = static_cast<std::uint32_t>(query[-2]);
  const std::uint32_t tokens = count(query) / (heads * size);
  const double scale = call.attributes().number("scale");

  Dispatch dispatch("attention");
  dispatch.bind("query", call.input(kQuery)).bind("y", call.output());
  dispatch.bind("key", call.input(form == kState ? kPast : kKey)).bind("value", call.input(form == kState ? kPast : kValue));
  dispatch.bind("row", call.input(kRow)).bind("position", call.input(kPosition)).bind("length", call.input(kLength));
  dispatch.bind("bias", call.input(kBias));
  dispatch.push("heads", heads).push("key_heads", static_cast<std::uint32_t>(call.input_shape(kKey)[-2]));
  dispatch.push("tokens", form == kBatch ? static_cast<std::uint32_t>(query[1]) : tokens).push("tokens_in_all", tokens);
  dispatch.push("keys", layout.keys).push("rows", layout.rows);
  dispatch.push("window", static_cast<std::uint32_t>(call.attributes().integer("window")));
  dispatch.push("token_stride", layout.token_stride).push("head_stride", layout.head_stride);
  dispatch.push("row_stride", layout.row_stride).push("value_base", layout.value_base);
  dispatch.push("scale", static_cast<float>(scale == 0 ? 1 / std::sqrt(static_cast<double>(size)) : scale));
  dispatch.set("FORM", form).set("SIZE", size).set("HAS_LENGTH", call.has(kLength)).set("HAS_BIAS", call.has(kBias));
  dispatch.set("CAUSAL", call.attributes().integer("causal") != 0);
  dispatch.set("local_size_x", call.row_size()).linear(std::uint64_t{tokens} * heads, 1);
  dispatch.work(2.0 * tokens * heads * layout.keys * size);
  call.add(std::move(dispatch));
}
}  // namespace

extern const KernelDef attention;
const KernelDef attention{"attention", record, false};
}  // namespace motet::device::vulkan::ops
