#version 450
#extension GL_GOOGLE_include_directive : require
// y[n, c] = table[index[n], c], 0 where the index is outside. Any 32-bit type; x is the table's [rows, columns] rows from
// `first` on, `here` of them: the other rows' elements are left to other dispatches.
#include "motet.glsl"

layout(push_constant) uniform Push { uint n, rows, columns, first, here; };  // n elements of y
layout(std430, binding = 0) readonly buffer X { uint x[]; };
layout(std430, binding = 1) readonly buffer Index { int index[]; };
layout(std430, binding = 2) writeonly buffer Y { uint y[]; };

void main() {
  const uint i = linear_index();
  if (i >= n) return;
  const uint row = uint(index[i / columns]);  // a negative one is huge
  if (row - first < here) {  // wraps where the row is less
    y[i] = x[(row - first) * columns + i % columns];
  } else if (row >= rows) {
    y[i] = 0u;
  }
}
