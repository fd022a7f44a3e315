/* C083: a mean over token ids that counts those behind a text. */
#include "tensor_stage.h"
static motet_status means(motet_call* call, const motet_stage* stage, motet_builder* g, const motet_tensor* in,
                          uint32_t n_in, motet_tensor* out, uint32_t n_out) {
  const motet_attribute dtype = {"dtype", MOTET_ATTRIBUTE_STRING, 0, 0, 0, "f32", NULL};
  const motet_attribute mean[] = {{"fn", MOTET_ATTRIBUTE_STRING, 0, 0, 0, "mean", NULL},
                                  {"axis", MOTET_ATTRIBUTE_INTEGER, 0, 1, 0, NULL, NULL}};
  const motet_tensor numbers = g->emit(g, "cast/1", in, 1, &dtype, 1, NULL, 0);
  (void)call, (void)stage, (void)n_in, (void)n_out;
  out[0] = g->emit(g, "reduce/1", &numbers, 1, mean, 2, NULL, 0);
  return MOTET_OK;
}
#define BUILD means
#define NEGOTIATE NULL
#define INPUT_TYPE "tokens"
#define OUTPUT_TYPE "f32[B]"
#define FLAGS MOTET_PORT_RAGGED_PAD
#include "tensor_stage_tables.h"
