#version 450
#extension GL_GOOGLE_include_directive : require
// y = FN(a, b) with broadcasting, then the epilogues. T is float or int; y has n elements, `columns` in its last dimension.
#include "motet.glsl"
#include "broadcast.glsl"
#ifdef T_float
#include "epilogue.glsl"
#endif

layout(constant_id = 1) const uint FN = 32;
layout(push_constant) uniform Push { uint n, columns, a_mask, b_mask, sizes[8]; };
layout(std430, binding = 0) readonly buffer A { T a[]; };
layout(std430, binding = 1) readonly buffer B { T b[]; };
layout(std430, binding = 2) writeonly buffer Y { T y[]; };

#ifdef T_int
int apply_binary(uint fn, int p, int q) {
  switch (fn) {
    case 32: return p + q;
    case 33: return p - q;
    case 34: return p * q;
    case 35:
      // GLSL leaves division by 0 and negative operands' rounding open.
      if (q == 0) return 0;
      const uint quotient = uint(abs(p)) / uint(abs(q));
      return (p < 0) != (q < 0) ? -int(quotient) : int(quotient);
    case 36: return max(p, q);
    case 37: return min(p, q);
  }
  return p;
}
#endif

void main() {
  const uint i = linear_index();
  if (i >= n) return;
  uint at_a, at_b;
  BROADCAST_OFFSET(i, sizes, a_mask, at_a);
  BROADCAST_OFFSET(i, sizes, b_mask, at_b);
#ifdef T_float
  y[i] = apply_epilogue(apply_binary(FN, a[at_a], b[at_b]), i, i % columns);
#else
  y[i] = apply_binary(FN, a[at_a], b[at_b]);
#endif
}
