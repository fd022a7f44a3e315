// Elementwise functions of a finished element before it is stored. Their constants fold to just those that are there.
#ifndef EPILOGUE_GLSL
#define EPILOGUE_GLSL
#include "functions.glsl"

// As epilogues.cpp codes them: function, 1 << 8 operand first, reach << 9 (same, last dimension, one), operand << 11.
layout(constant_id = 10) const uint EPILOGUE_0 = 0;
layout(constant_id = 11) const uint EPILOGUE_1 = 0;
layout(constant_id = 12) const uint EPILOGUE_2 = 0;
layout(constant_id = 13) const uint EPILOGUE_3 = 0;
layout(constant_id = 14) const uint EPILOGUE_4 = 0;

layout(std430, binding = 10) readonly buffer Operand0 { float operand_0[]; };
layout(std430, binding = 11) readonly buffer Operand1 { float operand_1[]; };
layout(std430, binding = 12) readonly buffer Operand2 { float operand_2[]; };

float apply_one_epilogue(uint code, float y, uint element, uint column) {
  const uint fn = code & 0xFFu;
  if (fn == 0u) return y;
  if (fn < 32u) return apply_unary(fn, y);
  const uint reach = code >> 9 & 3u;
  const uint at = reach == 0u ? element : reach == 1u ? column : 0u;
  const uint which = code >> 11;
  const float operand = which == 0u ? operand_0[at] : which == 1u ? operand_1[at] : operand_2[at];
  return (code >> 8 & 1u) == 0u ? apply_binary(fn, y, operand) : apply_binary(fn, operand, y);
}

// `element` counts y's elements, `column` those of its last dimension.
float apply_epilogue(float y, uint element, uint column) {
  y = apply_one_epilogue(EPILOGUE_0, y, element, column);
  y = apply_one_epilogue(EPILOGUE_1, y, element, column);
  y = apply_one_epilogue(EPILOGUE_2, y, element, column);
  y = apply_one_epilogue(EPILOGUE_3, y, element, column);
  return apply_one_epilogue(EPILOGUE_4, y, element, column);
}

#endif
