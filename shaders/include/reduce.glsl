// Sums and maxima over a workgroup; every invocation gets the result and must take part.
#ifndef REDUCE_GLSL
#define REDUCE_GLSL

shared float reduce_parts[gl_WorkGroupSize.x];

// At most this many parts are read by each invocation, else by a tree: a barrier costs most on a CPU.
const uint kFlat = 16;

float group_sum(float x) {
  const uint lane = gl_LocalInvocationID.x;
  barrier();
  reduce_parts[lane] = x;
  barrier();
  if (gl_WorkGroupSize.x <= kFlat) {
    float sum = 0.0;
    for (uint i = 0; i < gl_WorkGroupSize.x; ++i) sum += reduce_parts[i];
    return sum;
  }
  for (uint half_size = gl_WorkGroupSize.x / 2; half_size > 0; half_size /= 2) {
    if (lane < half_size) reduce_parts[lane] += reduce_parts[lane + half_size];
    barrier();
  }
  return reduce_parts[0];
}

float group_max(float x) {
  const uint lane = gl_LocalInvocationID.x;
  barrier();
  reduce_parts[lane] = x;
  barrier();
  if (gl_WorkGroupSize.x <= kFlat) {
    float result = reduce_parts[0];
    for (uint i = 1; i < gl_WorkGroupSize.x; ++i) result = max(result, reduce_parts[i]);
    return result;
  }
  for (uint half_size = gl_WorkGroupSize.x / 2; half_size > 0; half_size /= 2) {
    if (lane < half_size) reduce_parts[lane] = max(reduce_parts[lane], reduce_parts[lane + half_size]);
    barrier();
  }
  return reduce_parts[0];
}

#endif
