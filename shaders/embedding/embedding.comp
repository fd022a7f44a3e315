#version 450
#extension GL_GOOGLE_include_directive : require
// y[n, c] = weight[ids[n], c], 0 where the id is outside the table. The table [rows, columns] is of type WEIGHT, and weight
// its rows from `first` on, `here` of them: the other rows' elements are left to other dispatches. ids i32[n].
#include "motet.glsl"
#include "weight.glsl"

layout(push_constant) uniform Push { uint n, rows, columns, first, here; };  // n elements of y
layout(std430, binding = 1) readonly buffer Ids { int ids[]; };
layout(std430, binding = 2) writeonly buffer Y { float y[]; };

void main() {
  const uint i = linear_index();
  if (i >= n) return;
  const uint id = uint(ids[i / columns]);  // a negative one is huge
  if (id - first < here) {  // wraps where the id is less
    y[i] = weight_at((id - first) * columns + i % columns);
  } else if (id >= rows) {
    y[i] = 0.0;
  }
}
