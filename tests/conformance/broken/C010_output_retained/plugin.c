/* C010: the input is passed on without a reference of its own. */
#include "host_stage.h"
static motet_status borrowed(motet_call* call, motet_stage* stage, const motet_value* const* inputs, size_t n_inputs,
                             motet_value** outputs, size_t n_outputs) {
  (void)call, (void)stage, (void)n_inputs, (void)n_outputs;
  outputs[0] = (motet_value*)inputs[0];
  return MOTET_OK;
}
#define PROCESS borrowed
#include "host_stage_tables.h"
