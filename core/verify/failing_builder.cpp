#include "verify/failing_builder.hpp"

#include <cassert>
#include <cstring>

namespace motet::verify {
namespace {

// What the functions below reach: nothing else is handed to them.
const motet_stage_type* g_type = nullptr;
std::int64_t g_failing = -1;
std::int64_t g_calls = 0;

// What the plugin gets for a builder; the host's own is behind it.
struct Front {
  motet_builder table;
  motet_builder* real;
};

motet_builder* real(motet_builder* given) noexcept { return reinterpret_cast<Front*>(given)->real; }

bool fails(motet_builder* given) noexcept {
  if (g_calls++ != g_failing) return false;
  real(given)->fail(real(given), "the kit made this call fail");
  return true;
}

motet_tensor emit(motet_builder* b, const char* op, const motet_tensor* in, uint32_t n_in,
                  const motet_attribute* attributes, uint32_t n_attributes, motet_tensor* out,
                  uint32_t n_out) noexcept {
  if (!fails(b)) return real(b)->emit(real(b), op, in, n_in, attributes, n_attributes, out, n_out);
  for (uint32_t i = 0; out != nullptr && i < n_out; ++i) out[i] = MOTET_POISON;
  return MOTET_POISON;
}
motet_status spec_of(motet_builder* b, motet_tensor tensor, motet_tensor_spec* spec) noexcept {
  return real(b)->spec_of(real(b), tensor, spec);
}
int has_op(motet_builder* b, const char* op) noexcept { return real(b)->has_op(real(b), op); }
motet_tensor weight(motet_builder* b, const char* canonical) noexcept {
  return fails(b) ? MOTET_POISON : real(b)->weight(real(b), canonical);
}
motet_tensor state(motet_builder* b, const char* name, motet_state_kind kind, const int64_t* sizes,
                   uint32_t rank) noexcept {
  return fails(b) ? MOTET_POISON : real(b)->state(real(b), name, kind, sizes, rank);
}
motet_tensor row(motet_builder* b) noexcept { return real(b)->row(real(b)); }
motet_tensor length_of(motet_builder* b, motet_tensor tensor) noexcept { return real(b)->length_of(real(b), tensor); }
int slot_filled(motet_builder* b, const char* slot) noexcept { return real(b)->slot_filled(real(b), slot); }
motet_status slot_build(motet_builder* b, const char* slot, uint32_t index, const motet_tensor* in, uint32_t n_in,
                        motet_tensor* out, uint32_t n_out) noexcept {
  if (!fails(b)) return real(b)->slot_build(real(b), slot, index, in, n_in, out, n_out);
  for (uint32_t i = 0; i < n_out; ++i) out[i] = MOTET_POISON;
  return MOTET_INTERNAL;
}
void enter_scope(motet_builder* b, const char* name) noexcept { real(b)->enter_scope(real(b), name); }
void leave_scope(motet_builder* b) noexcept { real(b)->leave_scope(real(b)); }
void fail(motet_builder* b, const char* message) noexcept { real(b)->fail(real(b), message); }

Front front_of(motet_builder* builder) {
  return {{sizeof(motet_builder), emit, spec_of, has_op, weight, state, row, length_of, slot_filled, slot_build,
           enter_scope, leave_scope, fail},
          builder};
}

template <class Table>
const Table* plugins_own(const char* id) {
  return static_cast<const Table*>(g_type->extension(id));
}

motet_status build(motet_call* call, const motet_stage* stage, motet_builder* builder, const motet_tensor* in,
                   uint32_t n_in, motet_tensor* out, uint32_t n_out) {
  Front front = front_of(builder);
  return plugins_own<motet_tensor_stage>("motet.tensor_stage/1")
      ->build(call, stage, &front.table, in, n_in, out, n_out);
}

motet_status build_step(motet_call* call, const motet_stage* stage, motet_builder* builder, const motet_step* step,
                        const motet_tensor* in, uint32_t n_in, motet_tensor* logits) {
  Front front = front_of(builder);
  return plugins_own<motet_generator>("motet.generator/1")->build(call, stage, &front.table, step, in, n_in, logits);
}

motet_status generation(motet_call* call, const motet_stage* stage, motet_generation* out) {
  return plugins_own<motet_generator>("motet.generator/1")->generation(call, stage, out);
}

const void* extension(const char* id) noexcept {
  static constexpr motet_tensor_stage kStage = {sizeof kStage, build};
  static constexpr motet_generator kGenerator = {sizeof kGenerator, generation, build_step};
  const void* given = g_type->extension(id);
  if (given == nullptr) return nullptr;
  if (std::strcmp(id, "motet.tensor_stage/1") == 0) return &kStage;
  if (std::strcmp(id, "motet.generator/1") == 0) return &kGenerator;
  return given;
}

}  // namespace

FailingBuilder::FailingBuilder(const motet_stage_type& type) : type_(type) {
  assert(g_type == nullptr);
  g_type = &type;
  type_.extension = extension;
  fail_from_now(-1);
}

FailingBuilder::~FailingBuilder() { g_type = nullptr; }

void FailingBuilder::fail_from_now(std::int64_t call) {
  g_failing = call;
  g_calls = 0;
}

std::int64_t FailingBuilder::calls() const { return g_calls; }

}  // namespace motet::verify
