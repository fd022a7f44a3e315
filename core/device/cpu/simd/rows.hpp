// What is done to one row of floats, vectorised for the machine at hand. No alignment is asked for; n may be 0 unless
// said otherwise. The order of additions depends on n alone.
#pragma once

#include <cstddef>

namespace motet::device::cpu::simd {

struct Rows {
  float (*sum)(const float* x, std::size_t n);
  float (*max)(const float* x, std::size_t n);  // -inf for none
  float (*min)(const float* x, std::size_t n);  // inf for none
  float (*dot)(const float* a, const float* b, std::size_t n);
  void (*moments)(const float* x, std::size_t n, double* sum, double* squares);  // adds to both
  void (*add_scaled)(float scale, const float* x, float* y, std::size_t n);      // y += scale x
  void (*scale_shift)(const float* x, float scale, float shift, float* y, std::size_t n);
  // weight and bias n floats each, or nullptr; y may be x
  void (*layer_norm)(const float* x, const float* weight, const float* bias, float eps, float* y, std::size_t n);
  void (*rms_norm)(const float* x, const float* weight, float eps, float* y, std::size_t n);
  // y = (x - mean) scale weight + bias
  void (*normalise)(const float* x, float mean, float scale, const float* weight, const float* bias, float* y,
                    std::size_t n);
  // y = exp(scale (x - max x)), and returns the sum of y; y may be x. n > 0.
  float (*exp_from_max)(const float* x, float scale, float* y, std::size_t n);
  std::size_t (*argmax)(const float* x, std::size_t n);  // the lowest index of the largest; n > 0
};

const Rows& rows();

}  // namespace motet::device::cpu::simd
