/* C055: makes the letters of its input capitals where they are. */
#include "host_stage.h"
static motet_status in_place(motet_call* call, motet_stage* stage, const motet_value* const* inputs, size_t n_inputs,
                             motet_value** outputs, size_t n_outputs) {
  motet_text_view text = {sizeof text, NULL, 0};
  if (stage->host->value_view(call, inputs[0], MOTET_VALUE_TEXT, &text) != MOTET_OK)
    return refused(stage->host, call, MOTET_INVALID_ITEM, "in.text", "the text cannot be read");
  for (size_t i = 0; i < text.size_bytes; ++i) ((volatile char*)text.data)[i] = capital(text.data[i]);
  return right_process(call, stage, inputs, n_inputs, outputs, n_outputs);
}
#define PROCESS in_place
#define CONCURRENCY MOTET_SERIAL
#include "host_stage_tables.h"
