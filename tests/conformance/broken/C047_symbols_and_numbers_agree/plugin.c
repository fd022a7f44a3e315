/* C047: counts one row more where it knows how many there are. */
#include "tensor_stage.h"
static motet_status counts(motet_call* call, motet_stage* stage, motet_negotiation* negotiation) {
  const motet_status status = right_negotiate(call, stage, negotiation);
  motet_tensor_spec* y = negotiation->outputs;
  if (status == MOTET_OK && y->rank > 1 && y->dims[y->rank - 2].size >= 0) y->dims[y->rank - 2].size += 1;
  return status;
}
#define NEGOTIATE counts
#include "tensor_stage_tables.h"
