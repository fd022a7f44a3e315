/* C040: takes a number of parts that does not divide what it divides, and finds that out when it builds. */
#include "tensor_stage.h"
static motet_tensor reshaped(motet_builder* g, motet_tensor x, const int64_t* sizes, uint32_t rank) {
  const motet_attribute shape = {"shape", MOTET_ATTRIBUTE_INTEGERS, rank, 0, 0, NULL, sizes};
  return g->emit(g, "reshape/1", &x, 1, &shape, 1, NULL, 0);
}
static motet_status divides(motet_call* call, const motet_stage* stage, motet_builder* g, const motet_tensor* in,
                            uint32_t n_in, motet_tensor* out, uint32_t n_out) {
  const motet_status status = right_build(call, stage, g, in, n_in, out, n_out);
  motet_tensor_spec y = {sizeof y, 0, 0, {{0, 0, 0}}};
  if (status == MOTET_OK && g->spec_of(g, out[0], &y) == MOTET_OK && y.rank == 3) {
    const int64_t batch = y.dims[0].size, time = y.dims[1].size, width = y.dims[2].size;
    const int64_t parts[] = {batch, time, stage->times, width / stage->times}, whole[] = {batch, time, width};
    out[0] = reshaped(g, reshaped(g, out[0], parts, 4), whole, 3);
  }
  return status;
}
#define BUILD divides
static const motet_param kParts[] = {{sizeof(motet_param), "parts", "of a row", MOTET_PARAM_INT, 0, "1", 1, 7, NULL}};
#define PARAMS kParts
#include "tensor_stage_tables.h"
