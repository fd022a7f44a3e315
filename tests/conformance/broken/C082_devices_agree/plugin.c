/* C082: what is left of a number that was made twice, which is its last bit, made large. */
#include "tensor_stage.h"
static motet_status last_bit(motet_call* call, const motet_stage* stage, motet_builder* g, const motet_tensor* in,
                             uint32_t n_in, motet_tensor* out, uint32_t n_out) {
  const motet_status status = right_build(call, stage, g, in, n_in, out, n_out);
  const int64_t one = 1;
  const motet_tensor square = emit2(g, in[0], in[0], "mul");
  const motet_tensor above = emit2(g, square, fill(g, &one, 1, 1.0), "add");
  const motet_tensor again = emit1(g, "unary/1", emit1(g, "unary/1", above, "log"), "exp");
  out[0] = linear(g, scaled(g, emit2(g, again, above, "sub"), 1e6), "map");
  return status;
}
#define BUILD last_bit
#include "tensor_stage_tables.h"
