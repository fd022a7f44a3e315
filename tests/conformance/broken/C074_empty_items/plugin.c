/* C074: divides by the length of a text that may be empty. */
#include "host_stage.h"
static motet_status divides(motet_call* call, motet_stage* stage, const motet_value* const* inputs, size_t n_inputs,
                            motet_value** outputs, size_t n_outputs) {
  motet_text_view text = {sizeof text, NULL, 0};
  const motet_status status = stage->host->value_view(call, inputs[0], MOTET_VALUE_TEXT, &text);
  if (status != MOTET_OK) return handed_on(stage->host, call, status);
  {
    const volatile size_t share = 100u / text.size_bytes;
    (void)share;
  }
  return right_process(call, stage, inputs, n_inputs, outputs, n_outputs);
}
#define PROCESS divides
#include "host_stage_tables.h"
