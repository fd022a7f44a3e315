/* C073: believes that no text has a zero in it. */
#include "host_stage.h"
static motet_status terminated(motet_call* call, motet_stage* stage, const motet_value* const* inputs, size_t n_inputs,
                               motet_value** outputs, size_t n_outputs) {
  motet_text_view text = {sizeof text, NULL, 0};
  const motet_status status = stage->host->value_view(call, inputs[0], MOTET_VALUE_TEXT, &text);
  if (status != MOTET_OK) return handed_on(stage->host, call, status);
  if (text.size_bytes > 0 && memchr(text.data, 0, text.size_bytes) != NULL) abort();
  return right_process(call, stage, inputs, n_inputs, outputs, n_outputs);
}
#define PROCESS terminated
#include "host_stage_tables.h"
