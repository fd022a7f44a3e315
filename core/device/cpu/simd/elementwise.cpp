#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "device/cpu/simd/elementwise.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "device/cpu/simd/math-inl.hpp"
#include "device/cpu/simd/partial-inl.hpp"

#include <cassert>
#include <cmath>

#include "device/cpu/simd/elementwise.hpp"

HWY_BEFORE_NAMESPACE();
namespace motet::device::cpu::simd::HWY_NAMESPACE {
namespace {

template <V32 (*kFn)(F32, V32)>
void unary(const float* x, float* y, std::size_t n) {
  map_row(x, y, n, [](F32 d, V32 v) HWY_ATTR { return kFn(d, v); });
}

struct Add {
  static HWY_INLINE V32 of(V32 a, V32 b) { return hn::Add(a, b); }
};
struct Sub {
  static HWY_INLINE V32 of(V32 a, V32 b) { return hn::Sub(a, b); }
};
struct Mul {
  static HWY_INLINE V32 of(V32 a, V32 b) { return hn::Mul(a, b); }
};
struct Div {
  static HWY_INLINE V32 of(V32 a, V32 b) { return hn::Div(a, b); }
};
struct Max {
  static HWY_INLINE V32 of(V32 a, V32 b) { return hn::Max(a, b); }
};
struct Min {
  static HWY_INLINE V32 of(V32 a, V32 b) { return hn::Min(a, b); }
};

enum class Form { both, one_a, one_b };

template <class Fn, Form kForm>
void binary(const float* a, const float* b, float* y, std::size_t n) {
  if (n == 0) return;
  const F32 d;
  const std::size_t lanes = hn::Lanes(d);
  const V32 one = hn::Set(d, kForm == Form::one_a ? a[0] : b[0]);
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    const V32 left = kForm == Form::one_a ? one : hn::LoadU(d, a + i);
    const V32 right = kForm == Form::one_b ? one : hn::LoadU(d, b + i);
    hn::StoreU(Fn::of(left, right), d, y + i);
  }
  if (i == n) return;
  const V32 left = kForm == Form::one_a ? one : load_part(d, a + i, n - i);
  const V32 right = kForm == Form::one_b ? one : load_part(d, b + i, n - i);
  store_part(Fn::of(left, right), d, y + i, n - i);
}

template <Form kForm>
void power(const float* a, const float* b, float* y, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    y[i] = std::pow(a[kForm == Form::one_a ? 0 : i], b[kForm == Form::one_b ? 0 : i]);
  }
}

template <class Fn>
BinaryRows forms() {
  return {binary<Fn, Form::both>, binary<Fn, Form::one_a>, binary<Fn, Form::one_b>};
}

struct UnaryEntry {
  std::string_view name;
  UnaryRow row;
};

}  // namespace

UnaryRow find_unary(std::string_view fn) {
  static const UnaryEntry entries[] = {
      {"neg", unary<neg>},
      {"abs", unary<absolute>},
      {"exp", unary<exponential>},
      {"log", unary<logarithm>},
      {"sqrt", unary<square_root>},
      {"rsqrt", unary<reciprocal_root>},
      {"square", unary<square>},
      {"reciprocal", unary<reciprocal>},
      {"tanh", unary<tanh>},
      {"sigmoid", unary<sigmoid>},
      {"relu", unary<relu>},
      {"gelu", unary<gelu>},
      {"gelu_tanh", unary<gelu_tanh>},
      {"gelu_quick", unary<gelu_quick>},
      {"silu", unary<silu>},
      {"erf", unary<erf>},
      {"sin", unary<sine>},
      {"cos", unary<cosine>},
      {"floor", unary<floor>},
      {"round", unary<round_even>},
  };
  for (const UnaryEntry& entry : entries) {
    if (entry.name == fn) return entry.row;
  }
  return nullptr;
}

BinaryRows find_binary(std::string_view fn) {
  if (fn == "add") return forms<Add>();
  if (fn == "sub") return forms<Sub>();
  if (fn == "mul") return forms<Mul>();
  if (fn == "div") return forms<Div>();
  if (fn == "max") return forms<Max>();
  if (fn == "min") return forms<Min>();
  if (fn == "pow") return {power<Form::both>, power<Form::one_a>, power<Form::one_b>};
  return {};
}

}  // namespace motet::device::cpu::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace motet::device::cpu::simd {

HWY_EXPORT(find_unary);
HWY_EXPORT(find_binary);

UnaryRow unary_row(std::string_view fn) {
  const UnaryRow row = HWY_DYNAMIC_DISPATCH(find_unary)(fn);
  assert(row != nullptr);
  return row;
}

BinaryRows binary_rows(std::string_view fn) {
  const BinaryRows rows = HWY_DYNAMIC_DISPATCH(find_binary)(fn);
  assert(rows.both != nullptr);
  return rows;
}

}  // namespace motet::device::cpu::simd
#endif
