/* A host stage that keeps every rule: a text with its letters a to z made capitals, `times` times in a row.
 *
 * A plugin includes this, writes what it does otherwise, names that by its macro (PROCESS, CREATE, ...), and includes
 * host_stage_tables.h; without a macro it is right. */
#ifndef CONFORMANCE_HOST_STAGE_H
#define CONFORMANCE_HOST_STAGE_H

#include "base.h"

static inline char capital(char c) { return c >= 'a' && c <= 'z' ? (char)(c - 32) : c; }

static inline motet_status right_process(motet_call* call, motet_stage* stage, const motet_value* const* inputs,
                                         size_t n_inputs, motet_value** outputs, size_t n_outputs) {
  const motet_host* host = stage->host;
  motet_text_view text = {sizeof text, NULL, 0};
  motet_status status = host->value_view(call, inputs[0], MOTET_VALUE_TEXT, &text);
  char* written;
  (void)n_inputs, (void)n_outputs;
  if (status != MOTET_OK) return handed_on(host, call, status);
  written = (char*)host->scratch(call, text.size_bytes * (size_t)stage->times + 1);
  if (written == NULL) return handed_on(host, call, MOTET_OUT_OF_MEMORY);
  for (int64_t time = 0; time < stage->times; ++time) {
    if (host->should_cancel(call)) return refused(host, call, MOTET_CANCELLED, NULL, "cancelled");
    for (size_t i = 0; i < text.size_bytes; ++i) written[(size_t)time * text.size_bytes + i] = capital(text.data[i]);
  }
  {
    const motet_text_view made = {sizeof made, written, text.size_bytes * (size_t)stage->times};
    status = host->value_new(call, MOTET_VALUE_TEXT, &made, &outputs[0]);
  }
  return status == MOTET_OK ? status : handed_on(host, call, status);
}

#endif
