/* C050: features that are not as many as the weight wants it refuses, and does not say where they come from. */
#include "tensor_stage.h"
static motet_status blames(motet_call* call, motet_stage* stage, motet_negotiation* negotiation) {
  const motet_tensor_spec* x = negotiation->inputs;
  if (x->dtype != MOTET_NONE && x->rank > 0 && x->dims[x->rank - 1].size % 2 != 0)
    return refused(stage->host, call, MOTET_INVALID_PARAMETER, NULL, "the features are an odd number");
  return right_negotiate(call, stage, negotiation);
}
#define NEGOTIATE blames
#include "tensor_stage_tables.h"
