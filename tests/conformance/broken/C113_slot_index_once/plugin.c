/* C113: two layers that both say they are the first. */
#include "slot.h"
static motet_status twice(motet_call* call, const motet_stage* stage, motet_builder* g, const motet_tensor* in,
                          uint32_t n_in, motet_tensor* out, uint32_t n_out) {
  const motet_status status = right_build(call, stage, g, in, n_in, out, n_out);
  for (int layer = 0; layer < 2 && g->slot_filled(g, "inner"); ++layer)
    out[0] = emit2(g, out[0], from_slot(g, in[0], 0), "add");
  return status;
}
#define BUILD twice
#include "slot_tables.h"
