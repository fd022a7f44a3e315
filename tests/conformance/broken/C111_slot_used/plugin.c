/* C111: asks what fills its slot, and forgets the answer. */
#include "slot.h"
static motet_status forgets(motet_call* call, const motet_stage* stage, motet_builder* g, const motet_tensor* in,
                            uint32_t n_in, motet_tensor* out, uint32_t n_out) {
  const motet_status status = right_build(call, stage, g, in, n_in, out, n_out);
  if (g->slot_filled(g, "inner")) (void)from_slot(g, in[0], 0);
  return status;
}
#define BUILD forgets
#include "slot_tables.h"
