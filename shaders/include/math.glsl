// Elementary functions to about 1e-7, relative: GLSL leaves the precision of its own to the driver, and some give four
// digits. Polynomials are least-maximum fits (weighted least squares, reweighted) on the reduced ranges.
#ifndef MATH_GLSL
#define MATH_GLSL

#define kInfinity uintBitsToFloat(0x7F800000u)

// 2^n x for -250 < n < 250, in two steps so that neither factor over- or underflows.
float scaled(float x, int n) {
  const int half_n = n >> 1;
  return x * uintBitsToFloat(uint(half_n + 127) << 23) * uintBitsToFloat(uint(n - half_n + 127) << 23);
}

float exp_exact(float x) {
  const float bounded = clamp(x, -104.0, 89.0);
  const float n = floor(fma(bounded, 1.44269504, 0.5));
  // ln 2 in two parts, the first short enough that n times it is exact.
  const float r = fma(n, -1.42860677e-6, fma(n, -0.693145752, bounded));
  float p = fma(r, 0.001395048607, 0.008368887795);
  p = fma(p, r, 0.04166620588);
  p = fma(p, r, 0.1666651885);
  p = fma(p, r, 0.5000000095);
  return isnan(x) ? x : scaled(fma(p * r, r, r) + 1.0, int(n));
}

float log_exact(float x) {
  // Denormals may be zero on this device; those that are not are made normal.
  const bool tiny = x < 1.17549435e-38;
  const int bits = int(floatBitsToUint(tiny ? x * 8388608.0 : x));
  const int exponent = (bits - 0x3F3504F3) >> 23;  // the mantissa lies between the roots of 1/2 and 2
  const float f = uintBitsToFloat(uint(bits - (exponent << 23))) - 1.0;
  const float s = f / (2.0 + f);
  const float z = s * s;
  float p = fma(z, 0.2358259222, 0.2853728678);
  p = fma(p, z, 0.4000033551);
  p = fma(p, z, 0.6666666564);
  // log(1 + f) = 2 s + s^3 p with f - s f = 2 s.
  const float e = float(exponent - (tiny ? 23 : 0));
  const float tail = fma(e, 1.42860677e-6, s * (z * p - f));
  const float result = fma(e, 0.693145752, f + tail);
  if (x == 0.0) return -kInfinity;
  if (isinf(x) && x > 0.0) return x;
  return x > 0.0 ? result : uintBitsToFloat(0x7FC00000u);
}

float tanh_exact(float x) {
  const float a = abs(x);
  const float z = x * x;
  float p = fma(z, -0.005905876892, 0.02080539245);
  p = fma(p, z, -0.05378668613);
  p = fma(p, z, 0.1333195828);
  p = fma(p, z, -0.3333329927);
  const float near = fma(p * z, x, x);
  const float far = 1.0 - 2.0 / (exp_exact(2.0 * min(a, 20.0)) + 1.0);
  return a < 0.55 ? near : isnan(x) ? x : (x < 0.0 ? -far : far);
}

float sigmoid_exact(float x) { return 1.0 / (1.0 + exp_exact(-x)); }

float erf_exact(float x) {
  const float a = abs(x);
  const float z = x * x;
  float p = fma(z, 8.773600381e-5, -0.000826175799);
  p = fma(p, z, 0.005214235147);
  p = fma(p, z, -0.02686619358);
  p = fma(p, z, 0.1128385587);
  p = fma(p, z, -0.3761264798);
  const float near = fma(p * z, x, 1.128379169 * x);
  // The logarithm of 1 - erf.
  const float t = min(a, 4.0);
  float q = fma(t, -2.12787619e-5, 0.0004365749866);
  q = fma(q, t, -0.004181241168);
  q = fma(q, t, 0.02514607894);
  q = fma(q, t, -0.1083210712);
  q = fma(q, t, -0.6333098762);
  q = fma(q, t, -1.129533149);
  q = fma(q, t, 0.000178452336);
  const float far = a >= 4.0 ? 1.0 : 1.0 - exp_exact(q);
  return a < 0.94 ? near : isnan(x) ? x : (x < 0.0 ? -far : far);
}

// Sine and cosine of r with |r| <= pi / 4.
float sine_near(float r) {
  const float z = r * r;
  float p = fma(z, 2.717874906e-6, -0.0001983928933);
  p = fma(p, z, 0.008333329246);
  p = fma(p, z, -0.1666666664);
  return fma(p * z, r, r);
}
float cosine_near(float r) {
  const float z = r * r;
  float p = fma(z, 2.44342144e-5, -0.001388733172);
  p = fma(p, z, 0.04166664616);
  return fma(z * z, p, fma(z, -0.5, 1.0));
}

// (cosine, sine) of r + quadrant pi / 2.
vec2 turned(float r, int quadrant) {
  const float s = sine_near(r);
  const float c = cosine_near(r);
  const vec2 at = (quadrant & 1) == 0 ? vec2(c, s) : vec2(-s, c);
  return (quadrant & 2) == 0 ? at : -at;
}

// (cosine, sine) of x for |x| up to about 1e5, with pi / 2 in three parts (Cody and Waite).
vec2 cos_sin_exact(float x) {
  const float n = floor(fma(x, 0.636619772, 0.5));
  const float r = fma(n, -7.54978995e-8, fma(n, -4.83751297e-4, fma(n, -1.5703125, x)));
  return turned(r, int(n));
}

float pow_exact(float a, float b) {
  if (b == 0.0 || a == 1.0) return 1.0;
  const bool whole = floor(b) == b;
  const bool odd = whole && abs(b) < 16777216.0 && (int(b) & 1) != 0;
  if (a == 0.0) {
    const float at_zero = b > 0.0 ? 0.0 : kInfinity;
    return odd && floatBitsToUint(a) != 0u ? -at_zero : at_zero;
  }
  if (b == 2.0) return a * a;
  if (b == 0.5) return sqrt(a);
  if (a < 0.0 && !whole) return uintBitsToFloat(0x7FC00000u);
  const float magnitude = exp_exact(b * log_exact(abs(a)));
  return a < 0.0 && odd ? -magnitude : magnitude;
}

#endif
