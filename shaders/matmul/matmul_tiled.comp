#version 450
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
// y[r, c] = sum over k of a[r, k] b[k, c], then the epilogues: for GPUs. A workgroup makes a tile BM x BN from slices of
// depth BK in shared memory; an invocation makes 8 x 8 (or 4 x 8) of it in registers.
// a f32[rows, depth]; the weight is [columns, depth] of type WEIGHT, or f32[depth, columns] where DEPTH_FIRST;
// y f32[rows, columns]; rows are their strides apart. offsets: for each batch where its a, its weight and its y begin.
#include "motet.glsl"
#define WEIGHT_BINDING 1
#include "weight.glsl"
#include "epilogue.glsl"

layout(constant_id = 1) const bool A_QUADS = false;  // a's rows begin and end at multiples of 4 elements
layout(constant_id = 2) const bool B_QUADS = false;  // so do the weight's
layout(push_constant) uniform Push { uint rows, columns, depth, a_stride, b_stride, y_stride, batches; };
layout(std430, binding = 0) readonly buffer A { float a[]; };
layout(std430, binding = 0) readonly buffer A4 { vec4 a4[]; };
layout(std430, binding = 1) readonly buffer B4 { vec4 b4[]; };
layout(std430, binding = 2) readonly buffer Offsets { uvec4 offsets[]; };
layout(std430, binding = 3) writeonly buffer Y { float y[]; };

const uint BK = 16;
const uint THREADS = (BM / TM) * (BN / TN);
const uint kAcross = BN / TN;                // invocations beside each other
const uint kRowGroups = TM / 4;              // vectors of 4 rows, BM / kRowGroups apart, and of columns likewise
const uint kColumnGroups = TN / 4;
const uint kAStride = BM / 4 + 1;            // vectors between slices of the tile; one more, against bank conflicts
const uint kBStride = BN / 4 + 1;
const uint kAQuads = BM * BK / 4 / THREADS;  // quads that an invocation brings
const uint kBQuads = BN * BK / 4 / THREADS;

shared vec4 a_tile[BK * kAStride];  // [k][row]
shared vec4 b_tile[BK * kBStride];  // [k][column]

vec4 a_quad(uint row, uint k, uint base) {
  if (row >= rows || k >= depth) return vec4(0.0);
  const uint at = base + row * a_stride + k;
  if (A_QUADS) return a4[at / 4u];
  return vec4(a[at], k + 1u < depth ? a[at + 1u] : 0.0, k + 2u < depth ? a[at + 2u] : 0.0, k + 3u < depth ? a[at + 3u] : 0.0);
}

#ifdef DEPTH_FIRST
vec4 b_quad(uint column, uint k, uint base) {  // four columns
  if (column >= columns || k >= depth) return vec4(0.0);
  const uint at = base + k * b_stride + column;
  if (B_QUADS) return b4[at / 4u];
  return vec4(weight_at(at), column + 1u < columns ? weight_at(at + 1u) : 0.0, column + 2u < columns ? weight_at(at + 2u) : 0.0,
              column + 3u < columns ? weight_at(at + 3u) : 0.0);
}
#else
vec4 b_quad(uint column, uint k, uint base) {  // four of the depth
  if (column >= columns || k >= depth) return vec4(0.0);
  const uint at = base + column * b_stride + k;
#ifdef WEIGHT_f32
  if (B_QUADS) return b4[at / 4u];
#else
  if (B_QUADS) return weight_quad(at);
#endif
  return vec4(weight_at(at), k + 1u < depth ? weight_at(at + 1u) : 0.0, k + 2u < depth ? weight_at(at + 2u) : 0.0,
              k + 3u < depth ? weight_at(at + 3u) : 0.0);
}
#endif

void main() {
  const uint lane = gl_LocalInvocationID.x;
  const uint first_row = gl_WorkGroupID.y * BM;
  const uint first_column = gl_WorkGroupID.x * BN;
  const uint across = lane % kAcross;
  const uint down = lane / kAcross;
  for (uint batch = gl_WorkGroupID.z; batch < batches; batch += gl_NumWorkGroups.z) {
    const uvec4 base = offsets[batch];
    vec4 sums[TM][kColumnGroups];
    [[unroll]] for (uint r = 0; r < TM; ++r)
      [[unroll]] for (uint c = 0; c < kColumnGroups; ++c) sums[r][c] = vec4(0.0);

    for (uint k0 = 0; k0 < depth; k0 += BK) {
      [[unroll]] for (uint i = 0; i < kAQuads; ++i) {
        const uint at = lane + i * THREADS;
        const uint row = at / (BK / 4);
        const uint k = at % (BK / 4) * 4;
        const vec4 quad = a_quad(first_row + row, k0 + k, base.x);
        [[unroll]] for (uint j = 0; j < 4; ++j) a_tile[(k + j) * kAStride + row / 4][row % 4] = quad[j];
      }
      [[unroll]] for (uint i = 0; i < kBQuads; ++i) {
        const uint at = lane + i * THREADS;
#ifdef DEPTH_FIRST
        const uint k = at / (BN / 4);
        const uint column = at % (BN / 4);
        b_tile[k * kBStride + column] = b_quad(first_column + 4 * column, k0 + k, base.y);
#else
        const uint column = at / (BK / 4);
        const uint k = at % (BK / 4) * 4;
        const vec4 quad = b_quad(first_column + column, k0 + k, base.y);
        [[unroll]] for (uint j = 0; j < 4; ++j) b_tile[(k + j) * kBStride + column / 4][column % 4] = quad[j];
#endif
      }
      barrier();
      [[unroll]] for (uint k = 0; k < BK; ++k) {
        vec4 as[kRowGroups], bs[kColumnGroups];
        [[unroll]] for (uint g = 0; g < kRowGroups; ++g) as[g] = a_tile[k * kAStride + g * (BM / 4 / kRowGroups) + down];
        [[unroll]] for (uint g = 0; g < kColumnGroups; ++g) bs[g] = b_tile[k * kBStride + g * (BN / 4 / kColumnGroups) + across];
        [[unroll]] for (uint r = 0; r < TM; ++r)
          [[unroll]] for (uint c = 0; c < kColumnGroups; ++c) sums[r][c] = fma(vec4(as[r / 4][r % 4]), bs[c], sums[r][c]);
      }
      barrier();
    }

    [[unroll]] for (uint r = 0; r < TM; ++r) {
      const uint row = first_row + r / 4 * (BM / kRowGroups) + down * 4 + r % 4;
      if (row >= rows) continue;
      [[unroll]] for (uint c = 0; c < TN; ++c) {
        const uint column = first_column + c / 4 * (BN / kColumnGroups) + across * 4 + c % 4;
        if (column >= columns) continue;
        const uint at = base.z + row * y_stride + column;
        y[at] = apply_epilogue(sums[r][c / 4][c % 4], at, column);
      }
    }
  }
}
