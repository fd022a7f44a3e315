// A subgroup of 8 as one vector register: for drivers that run on a CPU (matmul_lanes.comp says why).
#ifndef LANES_GLSL
#define LANES_GLSL
#extension GL_KHR_shader_subgroup_ballot : require
#extension GL_EXT_control_flow_attributes : require

const uint LANES = 8;

// M(o) ... M(o + 7): a lane to broadcast from must be a constant expression.
#define EACH_8(M, o) M(o + 0) M(o + 1) M(o + 2) M(o + 3) M(o + 4) M(o + 5) M(o + 6) M(o + 7)
#if ROWS == 8
#define EACH_ROW(M) EACH_8(M, 0)
#elif ROWS == 16
#define EACH_ROW(M) EACH_8(M, 0) EACH_8(M, 8)
#endif

float lanes_max(float x) {
  float result = x;
#define JOIN_(l) result = max(result, subgroupBroadcast(x, l));
  EACH_8(JOIN_, 0)
#undef JOIN_
  return result;
}

float lanes_sum(float x) {
  float result = 0.0;
#define JOIN_(l) result += subgroupBroadcast(x, l);
  EACH_8(JOIN_, 0)
#undef JOIN_
  return result;
}

#endif
