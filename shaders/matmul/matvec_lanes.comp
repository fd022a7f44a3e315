#version 450
#extension GL_GOOGLE_include_directive : require
// y[r, c] = sum over k of a[r, k] weight[c, k], then the epilogues, for ROWS or fewer rows and a quantised weight, for drivers
// that run on a CPU (lanes.glsl). A workgroup is one subgroup of 8 with a column a lane; a lane takes a block's words once,
// and of a's 32 elements beside it one quad, whose elements are broadcast. As matmul_tiled otherwise.
#include "motet.glsl"
#include "lanes.glsl"
#define WEIGHT_BINDING 1
#include "weight.glsl"
#include "epilogue.glsl"

layout(push_constant) uniform Push { uint rows, columns, depth, a_stride, b_stride, y_stride, batches; };
layout(std430, binding = 0) readonly buffer A4 { vec4 a[]; };
layout(std430, binding = 2) readonly buffer Offsets { uvec4 offsets[]; };
layout(std430, binding = 3) writeonly buffer Y { float y[]; };

void main() {
  const uint lane = gl_LocalInvocationID.x;
  const uint column = linear_group() * LANES + lane;
  const uvec4 base = offsets[0];
  uint block = (base.y + min(column, columns - 1u) * b_stride) / 32u * kBlockBytes;
  float sums[ROWS];
  [[unroll]] for (uint r = 0; r < ROWS; ++r) sums[r] = 0.0;
  for (uint k = 0; k < depth; k += 32) {
    vec4 as[ROWS];
    [[unroll]] for (uint r = 0; r < ROWS; ++r) as[r] = a[(base.x + min(r, rows - 1u) * a_stride + k) / 4u + lane];
    // The block's words, moved to where they would be if it began at a multiple of 4.
    const uint at = block >> 2;
    const bool moved = (block & 2u) != 0u;
    block += kBlockBytes;
    float parts[ROWS];
    [[unroll]] for (uint r = 0; r < ROWS; ++r) parts[r] = 0.0;
#if defined(WEIGHT_q8_0)
    uint last = weight[at];
    const float scale = from_half(moved ? last >> 16 : last & 0xFFFFu);
#define PIECE_(i) { \
      const uint next = weight[at + i + 1]; \
      const uint word = moved ? next : last >> 16 | next << 16; \
      last = next; \
      const vec4 w = vec4(ivec4(word) << ivec4(24, 16, 8, 0) >> 24); \
      [[unroll]] for (uint r = 0; r < ROWS; ++r) { \
        parts[r] = fma(subgroupBroadcast(as[r].x, i), w.x, parts[r]); \
        parts[r] = fma(subgroupBroadcast(as[r].y, i), w.y, parts[r]); \
        parts[r] = fma(subgroupBroadcast(as[r].z, i), w.z, parts[r]); \
        parts[r] = fma(subgroupBroadcast(as[r].w, i), w.w, parts[r]); \
      } \
    }
    EACH_8(PIECE_, 0)
    [[unroll]] for (uint r = 0; r < ROWS; ++r) sums[r] = fma(scale, parts[r], sums[r]);
#else
#if defined(WEIGHT_q4_0)
    uint last = weight[at];
    const float scale = from_half(moved ? last >> 16 : last & 0xFFFFu);
    const float minimum = -8.0 * scale;
#define WORD_(i) const uint next = weight[at + i + 1]; const uint word = moved ? next : last >> 16 | next << 16; last = next;
#else
    const uint head = weight[at];
    const float scale = from_half(head & 0xFFFFu);
    const float minimum = from_half(head >> 16);
#define WORD_(i) const uint word = weight[at + i + 1];
#endif
    // Low halves of the words are elements 0 to 15, in lanes 0 to 3; high ones 16 to 31.
#define PIECE_(i) { \
      WORD_(i) \
      const vec4 low = bytes_of(word & 0x0F0F0F0Fu); \
      const vec4 high = bytes_of(word >> 4 & 0x0F0F0F0Fu); \
      [[unroll]] for (uint r = 0; r < ROWS; ++r) { \
        parts[r] = fma(subgroupBroadcast(as[r].x, i), low.x, parts[r]); \
        parts[r] = fma(subgroupBroadcast(as[r].y, i), low.y, parts[r]); \
        parts[r] = fma(subgroupBroadcast(as[r].z, i), low.z, parts[r]); \
        parts[r] = fma(subgroupBroadcast(as[r].w, i), low.w, parts[r]); \
        parts[r] = fma(subgroupBroadcast(as[r].x, i + 4), high.x, parts[r]); \
        parts[r] = fma(subgroupBroadcast(as[r].y, i + 4), high.y, parts[r]); \
        parts[r] = fma(subgroupBroadcast(as[r].z, i + 4), high.z, parts[r]); \
        parts[r] = fma(subgroupBroadcast(as[r].w, i + 4), high.w, parts[r]); \
      } \
    }
    PIECE_(0) PIECE_(1) PIECE_(2) PIECE_(3)
    [[unroll]] for (uint r = 0; r < ROWS; ++r) {
      const float all = lanes_sum(as[r].x + as[r].y + as[r].z + as[r].w);
      sums[r] = fma(scale, parts[r], fma(minimum, all, sums[r]));
    }
#endif
  }
  if (column >= columns) return;
  [[unroll]] for (uint r = 0; r < ROWS; ++r) {
    if (r >= rows) continue;
    const uint at = base.z + r * y_stride + column;
    y[at] = apply_epilogue(sums[r], at, column);
  }
}
