/* C014: says parallel, and writes the ids of a short text to one place that all calls share. As a stage it is right. */
#include <unistd.h>

#include "tokenizer.h"

static motet_status shared(motet_call* call, const motet_stage* stage, const char* text, size_t size_bytes,
                           uint32_t flags, motet_value** tokens) {
  static int32_t ids[64];
  const motet_host* host = stage->host;
  motet_tokens_view view = {sizeof view, ids, size_bytes + 2, NULL, NULL, NULL};
  motet_status status;
  if (size_bytes + 2 > sizeof ids / sizeof *ids || (flags & MOTET_ADD_SPECIAL) == 0)
    return right_encode(call, stage, text, size_bytes, flags, tokens);
  for (size_t i = 0; i < size_bytes; ++i) ids[i + 1] = (unsigned char)text[i];
  ids[0] = kBegin;
  ids[size_bytes + 1] = kEnd;
  usleep(1000); /* as slow as work on a long text would be, so that others come between */
  status = host->value_new(call, MOTET_VALUE_TOKENS, &view, tokens);
  return status == MOTET_OK ? status : handed_on(host, call, status);
}
#define ENCODE shared
#include "tokenizer_tables.h"
