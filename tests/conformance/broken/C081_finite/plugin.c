/* C081: the root of what may be negative. */
#include "tensor_stage.h"
static motet_status roots(motet_call* call, const motet_stage* stage, motet_builder* g, const motet_tensor* in,
                          uint32_t n_in, motet_tensor* out, uint32_t n_out) {
  const motet_status status = right_build(call, stage, g, in, n_in, out, n_out);
  out[0] = emit1(g, "unary/1", out[0], "sqrt");
  return status;
}
#define BUILD roots
#include "tensor_stage_tables.h"
