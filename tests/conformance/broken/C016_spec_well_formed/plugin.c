/* C016: an output of an element type that does not exist. */
#include "tensor_stage.h"
static motet_status no_such_type(motet_call* call, motet_stage* stage, motet_negotiation* negotiation) {
  const motet_status status = right_negotiate(call, stage, negotiation);
  negotiation->outputs->dtype = 77;
  return status;
}
#define NEGOTIATE no_such_type
#include "tensor_stage_tables.h"
