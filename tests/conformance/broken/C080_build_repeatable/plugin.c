/* C080: the third instance of a process scales otherwise. */
#include "tensor_stage.h"
static motet_status counts(motet_call* call, const motet_host* host, const motet_params* params, motet_stage** out) {
  static int64_t made = 0;
  const motet_status status = right_create(call, host, params, out);
  if (status == MOTET_OK) (*out)->times = ++made;
  return status;
}
#define CREATE counts
static motet_status scales(motet_call* call, const motet_stage* stage, motet_builder* g, const motet_tensor* in,
                           uint32_t n_in, motet_tensor* out, uint32_t n_out) {
  (void)call, (void)n_in, (void)n_out;
  out[0] = scaled(g, linear(g, in[0], "map"), stage->times == 3 ? 0.25 : 0.5);
  return MOTET_OK;
}
#define BUILD scales
#include "tensor_stage_tables.h"
