/* C059: takes a reference to every input and keeps it. */
#include "host_stage.h"
static motet_status keeps(motet_call* call, motet_stage* stage, const motet_value* const* inputs, size_t n_inputs,
                          motet_value** outputs, size_t n_outputs) {
  (void)stage->host->value_retain(inputs[0]);
  return right_process(call, stage, inputs, n_inputs, outputs, n_outputs);
}
#define PROCESS keeps
#include "host_stage_tables.h"
