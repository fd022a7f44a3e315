/* C116: offsets count bytes instead of characters. */
#include "tokenizer.h"
static motet_status counts_bytes(motet_call* call, const motet_stage* stage, const char* text, size_t size_bytes,
                                 uint32_t flags, motet_value** tokens) {
  const motet_host* host = stage->host;
  motet_tokens_view view = {sizeof view, NULL, 0, NULL, NULL, NULL};
  motet_value* right = NULL;
  uint32_t* offsets;
  motet_status status = right_encode(call, stage, text, size_bytes, flags, &right);
  if (status != MOTET_OK) return status;
  status = host->value_view(call, right, MOTET_VALUE_TOKENS, &view);
  offsets = status == MOTET_OK ? (uint32_t*)host->scratch(call, (2 * view.count + 1) * sizeof *offsets) : NULL;
  if (offsets != NULL) {
    for (size_t i = 0; i < view.count; ++i) {
      offsets[2 * i] = (uint32_t)i;
      offsets[2 * i + 1] = (uint32_t)i + 1;
    }
    view.offsets = offsets;
    status = host->value_new(call, MOTET_VALUE_TOKENS, &view, tokens);
  }
  host->value_release(right);
  if (status == MOTET_OK && offsets == NULL) status = MOTET_OUT_OF_MEMORY;
  return status == MOTET_OK ? status : handed_on(host, call, status);
}
#define ENCODE counts_bytes
#include "tokenizer_tables.h"
