#version 450
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
// y[r, c] = sum over k of a[r, k] weight[c, k], then the epilogues, for ROWS or fewer rows, for GPUs: the weight is read
// once, in order. Of a workgroup of 64, 16 invocations share a column, each with every sixteenth quad of its depth (which is
// a multiple of 4), and join their sums in shared memory. As matmul_tiled otherwise.
#include "motet.glsl"
#define WEIGHT_BINDING 1
#include "weight.glsl"
#include "epilogue.glsl"

layout(push_constant) uniform Push { uint rows, columns, depth, a_stride, b_stride, y_stride, batches; };
layout(std430, binding = 0) readonly buffer A4 { vec4 a[]; };
layout(std430, binding = 1) readonly buffer B4 { vec4 b4[]; };
layout(std430, binding = 2) readonly buffer Offsets { uvec4 offsets[]; };
layout(std430, binding = 3) writeonly buffer Y { float y[]; };

const uint SHARERS = 16;
const uint COLUMNS = 4;

shared float parts[ROWS][COLUMNS * SHARERS];

void main() {
  const uint lane = gl_LocalInvocationID.x;
  const uint column = linear_group() * COLUMNS + lane / SHARERS;
  const uint share = lane % SHARERS;
  const uvec4 base = offsets[0];
  const uint from = base.y + min(column, columns - 1u) * b_stride;
  vec4 sums[ROWS];
  [[unroll]] for (uint r = 0; r < ROWS; ++r) sums[r] = vec4(0.0);
  for (uint k = 4 * share; k < depth; k += 4 * SHARERS) {
#ifdef WEIGHT_f32
    const vec4 w = b4[(from + k) / 4u];
#else
    const vec4 w = weight_quad(from + k);
#endif
    [[unroll]] for (uint r = 0; r < ROWS; ++r) sums[r] = fma(a[(base.x + min(r, rows - 1u) * a_stride + k) / 4u], w, sums[r]);
  }
  [[unroll]] for (uint r = 0; r < ROWS; ++r) parts[r][lane] = sums[r].x + sums[r].y + sums[r].z + sums[r].w;
  barrier();
  [[unroll]] for (uint half_size = SHARERS / 2; half_size > 0; half_size /= 2) {
    if (share < half_size) {
      [[unroll]] for (uint r = 0; r < ROWS; ++r) parts[r][lane] += parts[r][lane + half_size];
    }
    barrier();
  }
  if (share >= rows || share >= ROWS || column >= columns) return;
  // Each of the first invocations of a column finishes a row.
  const uint at = base.z + share * y_stride + column;
  y[at] = apply_epilogue(parts[share][lane - share], at, column);
}
