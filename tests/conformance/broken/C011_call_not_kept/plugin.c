/* C011: progress is reported to the call before this one. */
#include "host_stage.h"
static motet_status late(motet_call* call, motet_stage* stage, const motet_value* const* inputs, size_t n_inputs,
                         motet_value** outputs, size_t n_outputs) {
  if (stage->own != NULL) stage->host->progress(stage->own, 1, 1);
  stage->own = call;
  return right_process(call, stage, inputs, n_inputs, outputs, n_outputs);
}
#define PROCESS late
#define CONCURRENCY MOTET_SERIAL
#include "host_stage_tables.h"
