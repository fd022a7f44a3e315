/* C107: blames a parameter that it does not have. */
#include "host_stage.h"
static motet_status blames(motet_call* call, motet_stage* stage, const motet_value* const* inputs, size_t n_inputs,
                           motet_value** outputs, size_t n_outputs) {
  void* taken = stage->host->scratch(call, 16);
  if (taken == NULL) return refused(stage->host, call, MOTET_OUT_OF_MEMORY, "with.memory", "there is no memory left");
  return right_process(call, stage, inputs, n_inputs, outputs, n_outputs);
}
#define PROCESS blames
#include "host_stage_tables.h"
