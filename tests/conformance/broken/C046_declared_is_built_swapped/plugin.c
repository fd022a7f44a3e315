/* C046: two dimensions are swapped, which is not seen where both have one size. */
#include "tensor_stage.h"
static motet_status swaps(motet_call* call, const motet_stage* stage, motet_builder* g, const motet_tensor* in,
                          uint32_t n_in, motet_tensor* out, uint32_t n_out) {
  const int64_t axes[] = {0, 2, 1, 3};
  const motet_attribute permutation = {"permutation", MOTET_ATTRIBUTE_INTEGERS, 4, 0, 0, NULL, axes};
  (void)call, (void)stage, (void)n_in, (void)n_out;
  out[0] = g->emit(g, "transpose/1", in, 1, &permutation, 1, NULL, 0);
  return MOTET_OK;
}
#define BUILD swaps
#define NEGOTIATE NULL
#define INPUT_TYPE "f32[B, T, S, D]"
#define OUTPUT_TYPE "f32[B, T, S, D]"
#include "tensor_stage_tables.h"
