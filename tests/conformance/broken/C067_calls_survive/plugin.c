/* C067: encode takes memory piece by piece, and does not look whether it got the last one. */
#include "tokenizer.h"
static motet_status trusts(motet_call* call, const motet_stage* stage, const char* text, size_t size_bytes,
                           uint32_t flags, motet_value** tokens) {
  for (int piece = 0; piece < 99; ++piece) {
    if (stage->host->scratch(call, 16) == NULL) return handed_on(stage->host, call, MOTET_OUT_OF_MEMORY);
  }
  *(volatile char*)stage->host->scratch(call, 16) = 0;
  return right_encode(call, stage, text, size_bytes, flags, tokens);
}
#define ENCODE trusts
#include "tokenizer_tables.h"
