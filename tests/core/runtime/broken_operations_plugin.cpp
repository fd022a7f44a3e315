// Operations that break their contract, one each, and a stage that writes whichever it is asked for.
#include <motet/sdk.hpp>

#include <array>
#include <atomic>
#include <csignal>
#include <cstring>
#include <limits>
#include <stdexcept>

#ifndef PLUGIN_ID
#define PLUGIN_ID "broken"
#endif

namespace {

std::atomic<int> calls{0};

const float* x_of(const motet_use* use) { return static_cast<const float*>(use->inputs[0]->data); }

motet_status right(const motet_use* use, uint32_t, int64_t begin, int64_t end, void* to) {
  if (end > begin) std::memcpy(to, x_of(use) + begin, static_cast<std::size_t>(end - begin) * sizeof(float));
  return MOTET_OK;
}
motet_status unset(const motet_use* use, uint32_t, int64_t begin, int64_t end, void* to) {
  for (int64_t i = begin; i < end; ++i) {
    if (i != 5) static_cast<float*>(to)[i - begin] = x_of(use)[i];
  }
  return MOTET_OK;
}
motet_status over(const motet_use* use, uint32_t output, int64_t begin, int64_t end, void* to) {
  (void)right(use, output, begin, end, to);
  static_cast<float*>(to)[end - begin] = 1;
  return MOTET_OK;
}
motet_status moody(const motet_use* use, uint32_t, int64_t begin, int64_t end, void* to) {
  const int mood = calls++;
  for (int64_t i = begin; i < end; ++i) static_cast<float*>(to)[i - begin] = x_of(use)[i] + static_cast<float>(mood);
  return MOTET_OK;
}
motet_status by_range(const motet_use* use, uint32_t, int64_t begin, int64_t end, void* to) {
  for (int64_t i = begin; i < end; ++i) static_cast<float*>(to)[i - begin] = x_of(use)[i] * static_cast<float>(end);
  return MOTET_OK;
}
motet_status nan_of(const motet_use* use, uint32_t output, int64_t begin, int64_t end, void* to) {
  (void)right(use, output, begin, end, to);
  if (begin == 0) static_cast<float*>(to)[0] = std::numeric_limits<float>::quiet_NaN();
  return MOTET_OK;
}
motet_status silent(const motet_use*, uint32_t, int64_t, int64_t, void*) { return MOTET_INTERNAL; }
motet_status throws(const motet_use*, uint32_t, int64_t, int64_t, void*) { throw std::runtime_error("not today"); }
motet_status crashes(const motet_use*, uint32_t, int64_t, int64_t, void*) {
  std::raise(SIGFPE);
  return MOTET_OK;
}
motet_status fails(const motet_use* use, uint32_t, int64_t, int64_t, void*) {
  use->fail(use, "this item is beyond me");
  use->fail(use, "and this is said too late");
  return MOTET_INVALID_ITEM;
}

motet_status other_dtype(const motet_use*, motet_tensor_spec* const* outputs) {
  outputs[0]->dtype = MOTET_I32;
  return MOTET_OK;
}
motet_status too_many(const motet_use*, motet_tensor_spec* const* outputs) {
  outputs[0]->rank = 9;
  return MOTET_OK;
}
motet_status negative(const motet_use*, motet_tensor_spec* const* outputs) {
  outputs[0]->dims[0].size = -1;
  return MOTET_OK;
}
motet_status lying(const motet_use*, motet_tensor_spec* const* outputs) {  // not what the stage declares
  ++outputs[0]->dims[outputs[0]->rank - 1].size;
  return MOTET_OK;
}
motet_status moody_shape(const motet_use*, motet_tensor_spec* const* outputs) {
  outputs[0]->dims[0].size = calls++;
  return MOTET_OK;
}
motet_status refuses(const motet_use* use, motet_tensor_spec* const*) {
  use->fail(use, "x does not suit");
  return MOTET_INVALID_PARAMETER;
}
int64_t no_cost(const motet_use*, uint32_t) { return 0; }
int64_t long_cost(const motet_use*, uint32_t) { return 30001; }

constexpr const char* kGlsl = "float y_at(uint i) { return x_at(i); }";
const motet_operand kX = {sizeof(motet_operand), "x", "", MOTET_F32, 0};
const motet_operand kY = {sizeof(motet_operand), "y", "", MOTET_F32, 0};

using Infer = decltype(motet_operation::infer);
using Compute = decltype(motet_operation::compute);
using Cost = decltype(motet_operation::cost);

constexpr motet_operation operation(const char* id, Compute compute, Infer infer = nullptr, Cost cost = nullptr,
                                    const char* glsl = kGlsl) {
  return {sizeof(motet_operation), id, "", &kX, &kY, nullptr, 1, 1, 0, 0, glsl, infer, compute, cost};
}

const motet_operation kAll[] = {
    operation("broken.right/1", right),
    operation("broken.unset/1", unset),
    operation("broken.over/1", over),
    operation("broken.moody/1", moody),
    operation("broken.by_range/1", by_range),
    operation("broken.nan/1", nan_of),
    operation("broken.silent/1", silent),
    operation("broken.throws/1", throws),
    operation("broken.fails/1", fails),
    operation("broken.crashes/1", crashes),
    operation("broken.dtype/1", right, other_dtype),
    operation("broken.rank/1", right, too_many),
    operation("broken.negative/1", right, negative),
    operation("broken.lying/1", right, lying),
    operation("broken.moody_shape/1", right, moody_shape),
    operation("broken.refuses/1", right, refuses),
    operation("broken.no_cost/1", right, nullptr, no_cost),
    operation("broken.long/1", right, nullptr, long_cost),
    operation("broken.glsl/1", right, nullptr, nullptr, "float y_at(uint i) {\n  return nothing;\n}"),
};

struct Write {
  static constexpr auto type = motet::stage_type(PLUGIN_ID ".write", "test")
                                   .in("x", "f32[..., N]")
                                   .out("y", "f32[..., N]")
                                   .param<std::string>("op", "which")
                                   .required();
  explicit Write(const motet::Params& p) : op(p.string("op")) {}
  motet::Tensor build(motet::Builder& g, motet::Tensor x) const { return g.custom(op.c_str(), {x}); }
  std::string op;
};

const void* get_factory(const char* id) {
  if (std::strcmp(id, "motet.operations/1") != 0) return motet::detail::factory<Write>(id);
  static const auto list = [] {
    std::array<const motet_operation*, std::size(kAll)> out{};
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = &kAll[i];
    return out;
  }();
  static const motet_operations table = {sizeof table, static_cast<uint32_t>(list.size()), 0, list.data()};
  return &table;
}

}  // namespace

MOTET_EXPORT const motet_plugin_entry motet_plugin;
const motet_plugin_entry motet_plugin = {
    sizeof(motet_plugin_entry), MOTET_ABI_MAJOR, MOTET_ABI_MINOR, PLUGIN_ID, "1.0.0", get_factory};
