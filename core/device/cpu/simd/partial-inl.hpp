// Vectors of fewer elements than a register holds, at the end of a row. Included once for each target.
#if defined(MOTET_CPU_SIMD_PARTIAL) == defined(HWY_TARGET_TOGGLE)
#ifdef MOTET_CPU_SIMD_PARTIAL
#undef MOTET_CPU_SIMD_PARTIAL
#else
#define MOTET_CPU_SIMD_PARTIAL
#endif

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace motet::device::cpu::simd::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

using F32 = hn::ScalableTag<float>;
using V32 = hn::Vec<F32>;

// Before a loop of constant length over an array of vectors: only when unrolled do they live in registers.
#define MOTET_CPU_UNROLL _Pragma("GCC unroll 16")

// True where masked loads and stores never touch memory that the mask leaves out.
#define MOTET_CPU_MASKED (HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX2)

// p[0..count), 0 in the other lanes; nothing beyond is read. count < Lanes.
HWY_INLINE V32 load_part(F32 d, const float* HWY_RESTRICT p, std::size_t count) {
#if MOTET_CPU_MASKED
  return hn::MaskedLoad(hn::FirstN(d, count), d, p);
#else
  HWY_ALIGN float buffer[HWY_LANES(float)] = {};
  for (std::size_t i = 0; i < count; ++i) buffer[i] = p[i];
  return hn::Load(d, buffer);
#endif
}

HWY_INLINE void store_part(V32 v, F32 d, float* HWY_RESTRICT p, std::size_t count) {
#if MOTET_CPU_MASKED
  hn::BlendedStore(v, hn::FirstN(d, count), d, p);
#else
  HWY_ALIGN float buffer[HWY_LANES(float)];
  hn::Store(v, d, buffer);
  for (std::size_t i = 0; i < count; ++i) p[i] = buffer[i];
#endif
}

// y[i] = fn(d, x[i]); x and y may be the same.
template <class Fn>
HWY_INLINE void map_row(const float* x, float* y, std::size_t n, Fn fn) {
  const F32 d;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) hn::StoreU(fn(d, hn::LoadU(d, x + i)), d, y + i);
  if (i < n) store_part(fn(d, load_part(d, x + i, n - i)), d, y + i, n - i);
}

}  // namespace
}  // namespace motet::device::cpu::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
