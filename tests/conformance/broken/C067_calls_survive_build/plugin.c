/* C067: divides by a size that is not there where what it is of is poison. */
#include "tensor_stage.h"
static motet_status divides(motet_call* call, const motet_stage* stage, motet_builder* g, const motet_tensor* in,
                            uint32_t n_in, motet_tensor* out, uint32_t n_out) {
  const motet_status status = right_build(call, stage, g, in, n_in, out, n_out);
  motet_tensor_spec y = {sizeof y, 0, 0, {{0, 0, 0}}};
  (void)g->spec_of(g, out[0], &y);
  {
    const volatile uint32_t dimensions = y.rank;
    out[0] = scaled(g, out[0], (double)(12u / dimensions));
  }
  return status;
}
#define BUILD divides
#include "tensor_stage_tables.h"
