#define _DEFAULT_SOURCE
/* C054: looks for the end of a text that has none. */
#include "host_stage.h"
static motet_status terminated(motet_call* call, motet_stage* stage, const motet_value* const* inputs, size_t n_inputs,
                               motet_value** outputs, size_t n_outputs) {
  motet_text_view text = {sizeof text, NULL, 0};
  if (stage->host->value_view(call, inputs[0], MOTET_VALUE_TEXT, &text) != MOTET_OK)
    return refused(stage->host, call, MOTET_INVALID_ITEM, "in.text", "the text cannot be read");
  if (text.size_bytes > 0 && strnlen(text.data, text.size_bytes + 1) == 0)
    return refused(stage->host, call, MOTET_INVALID_ITEM, "in.text", "the text is empty");
  if (((const volatile char*)text.data)[text.size_bytes] == 127) stage->own = stage;
  return right_process(call, stage, inputs, n_inputs, outputs, n_outputs);
}
#define PROCESS terminated
#include "host_stage_tables.h"
