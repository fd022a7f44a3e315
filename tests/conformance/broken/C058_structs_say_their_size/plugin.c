/* C058: a view that says it has no bytes. */
#include "host_stage.h"
static motet_status sizeless(motet_call* call, motet_stage* stage, const motet_value* const* inputs, size_t n_inputs,
                             motet_value** outputs, size_t n_outputs) {
  motet_text_view nothing = {0, NULL, 0};
  (void)stage->host->value_view(call, inputs[0], MOTET_VALUE_TEXT, &nothing);
  return right_process(call, stage, inputs, n_inputs, outputs, n_outputs);
}
#define PROCESS sizeless
#include "host_stage_tables.h"
