// Rows of elementwise work, vectorised for the machine at hand. Relative errors of a few 1e-7.
#pragma once

#include <cstddef>
#include <string_view>

namespace motet::device::cpu::simd {

// y[0..n) = fn(x[0..n)); x and y may be the same.
using UnaryRow = void (*)(const float* x, float* y, std::size_t n);
// `fn` as of program op unary.
UnaryRow unary_row(std::string_view fn);

// y[i] = fn(a[i], b[i]), or with one of them a single element; y may be a or b.
using BinaryRow = void (*)(const float* a, const float* b, float* y, std::size_t n);
struct BinaryRows {
  BinaryRow both;
  BinaryRow one_a;  // a[0]
  BinaryRow one_b;  // b[0]
};
// `fn` as of program op binary.
BinaryRows binary_rows(std::string_view fn);

}  // namespace motet::device::cpu::simd
