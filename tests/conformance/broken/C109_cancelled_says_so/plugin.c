/* C109: gives up when it is told to, and calls it the fault of the item. */
#include "host_stage.h"
static motet_status gives_up(motet_call* call, motet_stage* stage, const motet_value* const* inputs, size_t n_inputs,
                             motet_value** outputs, size_t n_outputs) {
  if (stage->host->should_cancel(call)) return refused(stage->host, call, MOTET_INVALID_ITEM, NULL, "it was cancelled");
  return right_process(call, stage, inputs, n_inputs, outputs, n_outputs);
}
#define PROCESS gives_up
#include "host_stage_tables.h"
