/* C033: every call that goes well keeps a little. */
#include "host_stage.h"
static motet_status keeps(motet_call* call, motet_stage* stage, const motet_value* const* inputs, size_t n_inputs,
                          motet_value** outputs, size_t n_outputs) {
  const motet_status status = right_process(call, stage, inputs, n_inputs, outputs, n_outputs);
  if (status == MOTET_OK) stage->own = malloc(64);
  return status;
}
#define PROCESS keeps
#define CONCURRENCY MOTET_SERIAL
#include "host_stage_tables.h"
