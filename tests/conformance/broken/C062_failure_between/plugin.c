/* C062: a call that fails leaves its mark for the next one. */
#include "host_stage.h"
static motet_status marked(motet_call* call, motet_stage* stage, const motet_value* const* inputs, size_t n_inputs,
                           motet_value** outputs, size_t n_outputs) {
  const int64_t times = stage->times;
  motet_status status;
  if (stage->own != NULL) stage->times += 1;
  status = right_process(call, stage, inputs, n_inputs, outputs, n_outputs);
  stage->times = times;
  stage->own = status == MOTET_OUT_OF_MEMORY ? stage : NULL;
  return status;
}
#define PROCESS marked
#define CONCURRENCY MOTET_SERIAL
#include "host_stage_tables.h"
