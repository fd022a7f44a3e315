/* C084: declares a second map and forgets it. */
#include "tensor_stage.h"
static motet_status two(motet_call* call, motet_stage* stage, motet_negotiation* negotiation) {
  const motet_tensor_spec* x = negotiation->inputs;
  const motet_dim own = {-1, stage->host->fresh_symbol(call), 0};
  motet_tensor_spec bound;
  const motet_dim d = x->dtype != MOTET_NONE && x->rank > 0 ? x->dims[x->rank - 1] : own;
  const motet_status status = declare(call, stage->host, "second_map", d, d, &bound);
  return status == MOTET_OK ? right_negotiate(call, stage, negotiation) : status;
}
#define NEGOTIATE two
#include "tensor_stage_tables.h"
