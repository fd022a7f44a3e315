/* C116: every token stands for the whole text. */
#include "tokenizer.h"
static uint32_t characters_of(const char* text, size_t size_bytes) {
  uint32_t out = 0;
  for (size_t i = 0; i < size_bytes; ++i) out += ((unsigned char)text[i] & 0xC0) != 0x80;
  return out;
}
static motet_status everywhere(motet_call* call, const motet_stage* stage, const char* text, size_t size_bytes,
                               uint32_t flags, motet_value** tokens) {
  const motet_host* host = stage->host;
  motet_tokens_view view = {sizeof view, NULL, 0, NULL, NULL, NULL};
  motet_value* right = NULL;
  const uint32_t end = characters_of(text, size_bytes);
  uint32_t* offsets;
  motet_status status = right_encode(call, stage, text, size_bytes, flags, &right);
  if (status != MOTET_OK) return status;
  status = host->value_view(call, right, MOTET_VALUE_TOKENS, &view);
  offsets = status == MOTET_OK ? (uint32_t*)host->scratch(call, (2 * view.count + 1) * sizeof *offsets) : NULL;
  if (offsets != NULL) {
    for (size_t i = 0; i < view.count; ++i) {
      offsets[2 * i] = 0;
      offsets[2 * i + 1] = end;
    }
    view.offsets = offsets;
    status = host->value_new(call, MOTET_VALUE_TOKENS, &view, tokens);
  }
  host->value_release(right);
  if (status == MOTET_OK && offsets == NULL) status = MOTET_OUT_OF_MEMORY;
  return status == MOTET_OK ? status : handed_on(host, call, status);
}
#define ENCODE everywhere
#include "tokenizer_tables.h"
