#version 450
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_shader_explicit_arithmetic_types_int64 : require
// y[r, c] = sum over k of a[r, k] weight[c, k], then the epilogues, for ROWS or fewer rows and a quantised weight, for drivers
// that run on a CPU (lanes.glsl). There a component that is loaded costs the same whatever its width, and a broadcast nearly
// as much: so blocks come as 64-bit words, the lanes of a workgroup (one subgroup of 8) each take a block of the depth,
// PASSES times 8 blocks together, and what was read of a stays while the workgroup's columns go by one after the other. As
// matmul_tiled otherwise.
#include "motet.glsl"
#include "lanes.glsl"
#extension GL_KHR_shader_subgroup_arithmetic : require
#define WEIGHT_BINDING 1
#include "weight.glsl"
#include "epilogue.glsl"

layout(constant_id = 1) const uint PASSES = 1;
layout(push_constant) uniform Push { uint rows, columns, depth, a_stride, b_stride, y_stride, batches, group_columns; };
layout(std430, binding = 0) readonly buffer A8 { u64vec2 a[]; };
layout(std430, binding = 1) readonly buffer Weight8 { uint64_t weight8[]; };
layout(std430, binding = 2) readonly buffer Offsets { uvec4 offsets[]; };
layout(std430, binding = 3) writeonly buffer Y { float y[]; };

const uint EIGHTS = 4;  // of columns that a workgroup has at most

#if defined(WEIGHT_q8_0)
const uint WORDS = 8;   // of 32 bits, of a block's elements
const uint LONGS = 5;   // of 64 bits, that hold a block wherever it begins
#else
const uint WORDS = 4;
const uint LONGS = 3;
#endif

// A block's scale and minimum as they lie there, and its words.
void read_block(uint byte, out uint head, out uint words[WORDS]) {
  uint halves[2 * LONGS];
  [[unroll]] for (uint i = 0; i < LONGS; ++i) {
    const uvec2 two = unpack32(weight8[(byte >> 3) + i]);
    halves[2 * i] = two.x;
    halves[2 * i + 1] = two.y;
  }
  // Moved to where they would be if the block began at a multiple of 8, then of 4.
  const bool odd = (byte & 4u) != 0u;
  [[unroll]] for (uint i = 0; i < 2 * LONGS - 1; ++i) halves[i] = odd ? halves[i + 1] : halves[i];
  head = halves[0];
#if defined(WEIGHT_q4_1)
  [[unroll]] for (uint i = 0; i < WORDS; ++i) words[i] = halves[i + 1];
#else
  const bool moved = (byte & 2u) != 0u;
  if (moved) head >>= 16;
  [[unroll]] for (uint i = 0; i < WORDS; ++i) words[i] = moved ? halves[i + 1] : halves[i] >> 16 | halves[i + 1] << 16;
#endif
}

// What the block at `byte` adds to the sums; `all` is the sum of the a beside it.
void add_block(uint byte, vec4 as[ROWS][8], float all[ROWS], inout float sums[ROWS]) {
  uint head, words[WORDS];
  read_block(byte, head, words);
  const float scale = from_half(head & 0xFFFFu);
  vec4 parts[ROWS];
  [[unroll]] for (uint r = 0; r < ROWS; ++r) parts[r] = vec4(0.0);
#if defined(WEIGHT_q8_0)
  [[unroll]] for (uint i = 0; i < 8; ++i) {
    const vec4 w = vec4(ivec4(words[i]) << ivec4(24, 16, 8, 0) >> 24);
    [[unroll]] for (uint r = 0; r < ROWS; ++r) parts[r] = fma(as[r][i], w, parts[r]);
  }
  const float minimum = 0.0;
#else
  // Low halves of the words are elements 0 to 15, high ones 16 to 31.
  [[unroll]] for (uint i = 0; i < 4; ++i) {
    const vec4 w = bytes_of(words[i] & 0x0F0F0F0Fu);
    const vec4 v = bytes_of(words[i] >> 4 & 0x0F0F0F0Fu);
    [[unroll]] for (uint r = 0; r < ROWS; ++r) parts[r] = fma(as[r][i + 4], v, fma(as[r][i], w, parts[r]));
  }
#if defined(WEIGHT_q4_0)
  const float minimum = -8.0 * scale;
#else
  const float minimum = from_half(head >> 16);
#endif
#endif
  [[unroll]] for (uint r = 0; r < ROWS; ++r) {
    sums[r] = fma(scale, parts[r].x + parts[r].y + (parts[r].z + parts[r].w), sums[r]);
    sums[r] = fma(minimum, all[r], sums[r]);
  }
}

void main() {
  const uint lane = gl_LocalInvocationID.x;
  const uint first_column = linear_group() * group_columns;
  const uvec4 base = offsets[0];
  float mine[ROWS][EIGHTS];  // this lane's of each eight columns
  [[unroll]] for (uint r = 0; r < ROWS; ++r)
    [[unroll]] for (uint j = 0; j < EIGHTS; ++j) mine[r][j] = 0.0;
  for (uint first = 0; first < depth; first += 256 * PASSES) {
    vec4 as[PASSES][ROWS][8];
    float all[PASSES][ROWS];
    [[unroll]] for (uint p = 0; p < PASSES; ++p) {
      const uint k = first + 256 * p + 32 * lane;
      [[unroll]] for (uint r = 0; r < ROWS; ++r) {
        const uint at = (base.x + min(r, rows - 1u) * a_stride + (k < depth ? k : 0u)) / 4u;
        vec4 sum = vec4(0.0);
        [[unroll]] for (uint i = 0; i < 8; ++i) {
          const u64vec2 quad = a[at + i];
          const vec4 here = vec4(uintBitsToFloat(unpack32(quad.x)), uintBitsToFloat(unpack32(quad.y)));
          as[p][r][i] = k < depth ? here : vec4(0.0);
          sum += as[p][r][i];
        }
        all[p][r] = sum.x + sum.y + (sum.z + sum.w);
      }
    }
    for (uint c = 0; c < group_columns; ++c) {
      const uint row_block = (base.y + min(first_column + c, columns - 1u) * b_stride) / 32u;
      float sums[ROWS];
      [[unroll]] for (uint r = 0; r < ROWS; ++r) sums[r] = 0.0;
      [[unroll]] for (uint p = 0; p < PASSES; ++p) {
        const uint block = row_block + min(first / 32u + 8 * p + lane, depth / 32u - 1u);
        add_block(block * kBlockBytes, as[p], all[p], sums);
      }
      [[unroll]] for (uint r = 0; r < ROWS; ++r) {
        const float total = subgroupAdd(sums[r]);
        [[unroll]] for (uint j = 0; j < EIGHTS; ++j) mine[r][j] += c == 8 * j + lane ? total : 0.0;
      }
    }
  }
  [[unroll]] for (uint j = 0; j < EIGHTS; ++j) {
    const uint column = first_column + 8 * j + lane;
    if (8 * j >= group_columns || column >= columns) continue;
    [[unroll]] for (uint r = 0; r < ROWS; ++r) {
      if (r >= rows) continue;
      const uint at = base.z + r * y_stride + column;
      y[at] = apply_epilogue(mine[r][j], at, column);
    }
  }
}
