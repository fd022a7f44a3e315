// The functions of the operations unary and binary, by the numbers that epilogues.cpp gives them.
#ifndef FUNCTIONS_GLSL
#define FUNCTIONS_GLSL
#include "math.glsl"

float apply_unary(uint fn, float x) {
  switch (fn) {
    case 1: return -x;
    case 2: return abs(x);
    case 3: return exp_exact(x);
    case 4: return log_exact(x);
    case 5: return sqrt(x);
    case 6: return 1.0 / sqrt(x);
    case 7: return x * x;
    case 8: return 1.0 / x;
    case 9: return tanh_exact(x);
    case 10: return sigmoid_exact(x);
    case 11: return x > 0.0 ? x : isnan(x) ? x : 0.0;
    case 12: return 0.5 * x * (1.0 + erf_exact(x * 0.707106781));
    case 13: return x * sigmoid_exact(1.59576912 * fma(0.044715 * x * x, x, x));  // (1 + tanh z) / 2 = sigmoid(2 z)
    case 14: return x * sigmoid_exact(1.702 * x);
    case 15: return x * sigmoid_exact(x);
    case 16: return erf_exact(x);
    case 17: return cos_sin_exact(x).y;
    case 18: return cos_sin_exact(x).x;
    case 19: return floor(x);
    case 20: return roundEven(x);
  }
  return x;
}

float apply_binary(uint fn, float a, float b) {
  switch (fn) {
    case 32: return a + b;
    case 33: return a - b;
    case 34: return a * b;
    case 35: return a / b;
    case 36: return max(a, b);
    case 37: return min(a, b);
    case 38: return pow_exact(a, b);
  }
  return a;
}

#endif
