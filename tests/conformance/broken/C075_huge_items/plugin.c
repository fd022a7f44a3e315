/* C075: puts the whole text on the stack. */
#include <alloca.h>

#include "host_stage.h"
static motet_status on_the_stack(motet_call* call, motet_stage* stage, const motet_value* const* inputs,
                                 size_t n_inputs, motet_value** outputs, size_t n_outputs) {
  motet_text_view text = {sizeof text, NULL, 0};
  const motet_status status = stage->host->value_view(call, inputs[0], MOTET_VALUE_TEXT, &text);
  if (status != MOTET_OK) return handed_on(stage->host, call, status);
  {
    volatile char* copy = (volatile char*)alloca(4 * text.size_bytes + 1);
    for (size_t i = 0; i < text.size_bytes; i += 1024) copy[4 * i] = text.data[i];
  }
  return right_process(call, stage, inputs, n_inputs, outputs, n_outputs);
}
#define PROCESS on_the_stack
#include "host_stage_tables.h"
