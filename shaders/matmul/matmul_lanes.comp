#version 450
#extension GL_GOOGLE_include_directive : require
// y[r, c] = sum over k of a[r, k] b[k, c], then the epilogues: for drivers that run on a CPU, where an invocation is a lane
// of a vector register, a load of each lane's own address is a loop over the lanes, and a barrier is dear. A workgroup is
// one subgroup of 8; lane l brings rows l and l + 8 of a, each element goes to all lanes from there, and each lane has
// columns of its own. A storage buffer's load is such a loop for each component; a texel comes as one, so that quads are
// read as texels. Sums beyond the registers cost less than loads. As matmul_tiled otherwise.
#extension GL_EXT_samplerless_texture_functions : require
#include "motet.glsl"
#include "lanes.glsl"
#define WEIGHT_BINDING 1
#include "weight.glsl"
#include "epilogue.glsl"

layout(constant_id = 1) const bool A_QUADS = false;  // a's rows begin and end at multiples of 4 elements
layout(constant_id = 2) const bool B_QUADS = false;  // so do the weight's
layout(push_constant) uniform Push { uint rows, columns, depth, a_stride, b_stride, y_stride, batches; };
layout(std430, binding = 0) readonly buffer A { float a[]; };
layout(binding = 13) uniform textureBuffer a_quads;
#ifdef WEIGHT_f32
layout(binding = 14) uniform textureBuffer weight_quads;
#endif
layout(std430, binding = 2) readonly buffer Offsets { uvec4 offsets[]; };
layout(std430, binding = 3) writeonly buffer Y { float y[]; };

vec4 a_quad(uint at, uint left) {
  if (A_QUADS) return texelFetch(a_quads, int(at / 4u));
  return vec4(a[at], left > 1u ? a[at + 1u] : 0.0, left > 2u ? a[at + 2u] : 0.0, left > 3u ? a[at + 3u] : 0.0);
}

#ifdef DEPTH_FIRST
vec4 b_quad(uint at, uint left) {  // four columns
#else
vec4 b_quad(uint at, uint left) {  // four of the depth
#endif
#ifdef WEIGHT_f32
  if (B_QUADS) return texelFetch(weight_quads, int(at / 4u));
#else
  if (B_QUADS) return weight_quad(at);
#endif
  return vec4(weight_at(at), left > 1u ? weight_at(at + 1u) : 0.0, left > 2u ? weight_at(at + 2u) : 0.0,
              left > 3u ? weight_at(at + 3u) : 0.0);
}

void main() {
  const uint lane = gl_LocalInvocationID.x;
  const uint first_row = gl_WorkGroupID.y * ROWS;
  const uint first_column = gl_WorkGroupID.x * (LANES * COLUMNS);
  for (uint batch = gl_WorkGroupID.z; batch < batches; batch += gl_NumWorkGroups.z) {
    const uvec4 base = offsets[batch];
    uint a_at[ROWS / 8], b_at[COLUMNS];
    [[unroll]] for (uint i = 0; i < ROWS / 8; ++i) a_at[i] = base.x + min(first_row + 8 * i + lane, rows - 1u) * a_stride;
#ifdef DEPTH_FIRST
    const uint my_column = first_column + lane * COLUMNS;
    const uint left_columns = my_column < columns ? columns - my_column : 1u;
    b_at[0] = base.y + min(my_column, columns - 1u);
#else
    [[unroll]] for (uint j = 0; j < COLUMNS; ++j) b_at[j] = base.y + min(first_column + j * LANES + lane, columns - 1u) * b_stride;
#endif
    float sums[ROWS][COLUMNS];
    [[unroll]] for (uint r = 0; r < ROWS; ++r)
      [[unroll]] for (uint j = 0; j < COLUMNS; ++j) sums[r][j] = 0.0;

    for (uint k = 0; k < depth; k += 4) {
      vec4 as[ROWS / 8];
      [[unroll]] for (uint i = 0; i < ROWS / 8; ++i) as[i] = a_quad(a_at[i] + k, depth - k);
#ifdef DEPTH_FIRST
      [[unroll]] for (uint e = 0; e < 4; ++e) {
        const vec4 b = b_quad(b_at[0] + min(k + e, depth - 1u) * b_stride, left_columns);
#define MULTIPLY(r) { \
          const float a_ = subgroupBroadcast(as[(r) / 8][e], (r) % 8); \
          [[unroll]] for (uint j = 0; j < COLUMNS; ++j) sums[r][j] = fma(a_, b[j], sums[r][j]); \
        }
        EACH_ROW(MULTIPLY)
      }
#else
      vec4 bs[COLUMNS];
      [[unroll]] for (uint j = 0; j < COLUMNS; ++j) bs[j] = b_quad(b_at[j] + k, depth - k);
      [[unroll]] for (uint e = 0; e < 4; ++e) {
#define MULTIPLY(r) { \
          const float a_ = subgroupBroadcast(as[(r) / 8][e], (r) % 8); \
          [[unroll]] for (uint j = 0; j < COLUMNS; ++j) sums[r][j] = fma(a_, bs[j][e], sums[r][j]); \
        }
        EACH_ROW(MULTIPLY)
      }
#endif
    }

    [[unroll]] for (uint r = 0; r < ROWS; ++r) {
      if (first_row + r >= rows) continue;
      [[unroll]] for (uint j = 0; j < COLUMNS; ++j) {
#ifdef DEPTH_FIRST
        const uint column = my_column + j;
#else
        const uint column = first_column + j * LANES + lane;
#endif
        if (column >= columns) continue;
        const uint at = base.z + (first_row + r) * y_stride + column;
        y[at] = apply_epilogue(sums[r][j], at, column);
      }
    }
  }
}
