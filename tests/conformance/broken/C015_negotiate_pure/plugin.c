/* C015: the second answer of an instance has one dimension less. */
#include "tensor_stage.h"
static motet_status changes(motet_call* call, motet_stage* stage, motet_negotiation* negotiation) {
  const motet_status status = right_negotiate(call, stage, negotiation);
  if (status == MOTET_OK && stage->own != NULL) negotiation->outputs->rank -= 1;
  stage->own = stage;
  return status;
}
#define NEGOTIATE changes
#include "tensor_stage_tables.h"
