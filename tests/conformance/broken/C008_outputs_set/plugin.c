/* C008: process says that all is well and leaves its output empty. */
#include "host_stage.h"
static motet_status nothing(motet_call* call, motet_stage* stage, const motet_value* const* inputs, size_t n_inputs,
                            motet_value** outputs, size_t n_outputs) {
  (void)call, (void)stage, (void)inputs, (void)n_inputs, (void)outputs, (void)n_outputs;
  return MOTET_OK;
}
#define PROCESS nothing
#include "host_stage_tables.h"
