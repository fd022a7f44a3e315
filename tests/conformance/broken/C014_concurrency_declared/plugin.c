/* C014: says parallel, and writes its letters to one place that all calls share. */
#include <unistd.h>

#include "host_stage.h"

static motet_status shared(motet_call* call, motet_stage* stage, const motet_value* const* inputs, size_t n_inputs,
                           motet_value** outputs, size_t n_outputs) {
  static char written[1 << 16];
  const motet_host* host = stage->host;
  motet_text_view text = {sizeof text, NULL, 0};
  motet_status status = host->value_view(call, inputs[0], MOTET_VALUE_TEXT, &text);
  const size_t most = sizeof written;
  (void)n_inputs, (void)n_outputs;
  if (status != MOTET_OK) return handed_on(host, call, status);
  if (text.size_bytes > most) return refused(host, call, MOTET_INVALID_ITEM, "in.text", "the text is too long");
  for (size_t i = 0; i < text.size_bytes; ++i) written[i] = capital(text.data[i]);
  usleep(1000); /* as slow as work on a long text would be, so that others come between */
  {
    const motet_text_view made = {sizeof made, written, text.size_bytes};
    status = host->value_new(call, MOTET_VALUE_TEXT, &made, &outputs[0]);
  }
  return status == MOTET_OK ? status : handed_on(host, call, status);
}
#define PROCESS shared
#include "host_stage_tables.h"
