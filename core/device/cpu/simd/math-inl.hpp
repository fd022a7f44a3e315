// Elementary functions on float vectors. Included once for each target.
#if defined(MOTET_CPU_SIMD_MATH) == defined(HWY_TARGET_TOGGLE)
#ifdef MOTET_CPU_SIMD_MATH
#undef MOTET_CPU_SIMD_MATH
#else
#define MOTET_CPU_SIMD_MATH
#endif

#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

#include "device/cpu/simd/partial-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace motet::device::cpu::simd::HWY_NAMESPACE {
namespace {

HWY_INLINE V32 constant(F32 d, double value) { return hn::Set(d, static_cast<float>(value)); }

HWY_INLINE V32 neg(F32, V32 x) { return hn::Neg(x); }
HWY_INLINE V32 absolute(F32, V32 x) { return hn::Abs(x); }
HWY_INLINE V32 square_root(F32, V32 x) { return hn::Sqrt(x); }
HWY_INLINE V32 reciprocal_root(F32 d, V32 x) { return hn::Div(hn::Set(d, 1.0f), hn::Sqrt(x)); }
HWY_INLINE V32 square(F32, V32 x) { return hn::Mul(x, x); }
HWY_INLINE V32 reciprocal(F32 d, V32 x) { return hn::Div(hn::Set(d, 1.0f), x); }
HWY_INLINE V32 relu(F32 d, V32 x) { return hn::Max(x, hn::Zero(d)); }
HWY_INLINE V32 floor(F32, V32 x) { return hn::Floor(x); }
HWY_INLINE V32 round_even(F32, V32 x) { return hn::Round(x); }
HWY_INLINE V32 logarithm(F32 d, V32 x) { return hn::Log(d, x); }
HWY_INLINE V32 sine(F32 d, V32 x) { return hn::Sin(d, x); }
HWY_INLINE V32 cosine(F32 d, V32 x) { return hn::Cos(d, x); }
HWY_INLINE V32 tanh(F32 d, V32 x) { return hn::Tanh(d, x); }

// exp for any x: 0 below -104, infinity above 88.7.
HWY_INLINE V32 exponential(F32 d, V32 x) {
  const V32 y = hn::Exp(d, hn::Min(x, constant(d, 88.7228)));
  return hn::IfThenElse(hn::Gt(x, constant(d, 88.7228)), hn::Inf(d), hn::IfThenElse(hn::Eq(x, x), y, x));
}

HWY_INLINE V32 sigmoid(F32 d, V32 x) {
  const V32 one = hn::Set(d, 1.0f);
  return hn::Div(one, hn::Add(one, exponential(d, hn::Neg(x))));
}
HWY_INLINE V32 silu(F32 d, V32 x) { return hn::Div(x, hn::Add(hn::Set(d, 1.0f), exponential(d, hn::Neg(x)))); }

// erf(x) = x P(x^2) / Q(x^2) up to |x| = 3.92, where it rounds to 1: a rational least-maximum fit made for this file
// with 40-digit arithmetic; relative error below 4e-7.
HWY_INLINE V32 erf(F32 d, V32 x) {
  const V32 limit = constant(d, 3.92);
  const V32 c = hn::Max(hn::Neg(limit), hn::Min(x, limit));
  const V32 z = hn::Mul(c, c);
  V32 p = constant(d, 2.050119974228437e-06);
  p = hn::MulAdd(p, z, constant(d, 0.0002848667500074953));
  p = hn::MulAdd(p, z, constant(d, 0.0037651050370186567));
  p = hn::MulAdd(p, z, constant(d, 0.05274715647101402));
  p = hn::MulAdd(p, z, constant(d, 0.19039514660835266));
  p = hn::MulAdd(p, z, constant(d, 1.1283791065216064));
  V32 q = constant(d, 3.80912097170949e-05);
  q = hn::MulAdd(q, z, constant(d, 0.0011624024482443929));
  q = hn::MulAdd(q, z, constant(d, 0.014968205243349075));
  q = hn::MulAdd(q, z, constant(d, 0.11410436779260635));
  q = hn::MulAdd(q, z, constant(d, 0.5020660758018494));
  q = hn::MulAdd(q, z, hn::Set(d, 1.0f));
  return hn::Div(hn::Mul(c, p), q);
}

HWY_INLINE V32 gelu(F32 d, V32 x) {
  const V32 half = hn::Mul(x, hn::Set(d, 0.5f));
  return hn::MulAdd(half, erf(d, hn::Mul(x, constant(d, 0.70710678118654752440))), half);
}
HWY_INLINE V32 gelu_tanh(F32 d, V32 x) {
  const V32 cubic = hn::MulAdd(hn::Mul(hn::Mul(x, x), x), constant(d, 0.044715), x);
  const V32 half = hn::Mul(x, hn::Set(d, 0.5f));
  return hn::MulAdd(half, tanh(d, hn::Mul(cubic, constant(d, 0.79788456080286535588))), half);
}
HWY_INLINE V32 gelu_quick(F32 d, V32 x) {
  return hn::Div(x, hn::Add(hn::Set(d, 1.0f), exponential(d, hn::Mul(x, constant(d, -1.702)))));
}

}  // namespace
}  // namespace motet::device::cpu::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
