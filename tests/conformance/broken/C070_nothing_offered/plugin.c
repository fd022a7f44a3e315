/* C070: measures the path of weights without looking whether there is one. */
#include "tensor_stage.h"
static motet_status measures(motet_call* call, motet_stage* stage, motet_negotiation* negotiation) {
  if (strlen(stage->host->weights_path(call)) > 4096)
    return refused(stage->host, call, MOTET_UNSUPPORTED, "weights", "the path is too long");
  return right_negotiate(call, stage, negotiation);
}
#define NEGOTIATE measures
#include "tensor_stage_tables.h"
