#version 450
#extension GL_GOOGLE_include_directive : require
// y[n, c] = weight[ids[n], c], 0 where the id is outside the table. weight [rows, columns] of type WEIGHT; ids i32[n].
#include "motet.glsl"
#include "weight.glsl"

layout(push_constant) uniform Push { uint n, rows, columns; };  // n elements of y
layout(std430, binding = 1) readonly buffer Ids { int ids[]; };
layout(std430, binding = 2) writeonly buffer Y { float y[]; };

void main() {
  const uint i = linear_index();
  if (i >= n) return;
  const uint id = uint(ids[i / columns]);  // a negative one is huge
  y[i] = id < rows ? weight_at(id * columns + i % columns) : 0.0;
}
