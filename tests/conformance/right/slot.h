/* A tensor stage with a slot that keeps every rule: that of tensor_stage.h, and where its slot is filled, by a stage
 * like it, what that makes of the same x is added. Used as host_stage.h says, with slot_tables.h and a pipeline. */
#ifndef CONFORMANCE_SLOT_H
#define CONFORMANCE_SLOT_H

#include "tensor_stage.h"

static inline motet_tensor from_slot(motet_builder* g, motet_tensor x,
                                     uint32_t index) { /* poison where it fails, as g has noted */
  motet_tensor out = 0;
  (void)g->slot_build(g, "inner", index, &x, 1, &out, 1);
  return out;
}

static inline motet_status right_slot_build(motet_call* call, const motet_stage* stage, motet_builder* g,
                                            const motet_tensor* in, uint32_t n_in, motet_tensor* out, uint32_t n_out) {
  const motet_status status = right_build(call, stage, g, in, n_in, out, n_out);
  if (g->slot_filled(g, "inner")) out[0] = emit2(g, out[0], from_slot(g, in[0], 0), "add");
  return status;
}

#endif
