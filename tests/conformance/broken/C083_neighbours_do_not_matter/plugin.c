/* C083: a mean that counts the padding. */
#include "tensor_stage.h"
static motet_status means(motet_call* call, const motet_stage* stage, motet_builder* g, const motet_tensor* in,
                          uint32_t n_in, motet_tensor* out, uint32_t n_out) {
  const motet_attribute mean[] = {{"fn", MOTET_ATTRIBUTE_STRING, 0, 0, 0, "mean", NULL},
                                  {"axis", MOTET_ATTRIBUTE_INTEGER, 0, 1, 0, NULL, NULL}};
  (void)call, (void)stage, (void)n_in, (void)n_out;
  out[0] = g->emit(g, "reduce/1", in, 1, mean, 2, NULL, 0);
  return MOTET_OK;
}
#define BUILD means
static motet_status shapes(motet_call* call, motet_stage* stage, motet_negotiation* negotiation) {
  const motet_tensor_spec* x = negotiation->inputs;
  (void)call, (void)stage;
  if (x->rank != 3) return MOTET_OK;
  negotiation->outputs->rank = 2;
  negotiation->outputs->dims[0] = x->dims[0];
  negotiation->outputs->dims[1] = x->dims[2];
  return MOTET_OK;
}
#define NEGOTIATE shapes
#define INPUT_TYPE "f32[B, T, D]"
#define OUTPUT_TYPE "f32[B, D]"
#define FLAGS MOTET_PORT_RAGGED_PAD
#include "tensor_stage_tables.h"
