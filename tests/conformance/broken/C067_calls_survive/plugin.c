/* C067: encode does not look whether there was scratch memory. */
#include "tokenizer.h"
static motet_status trusts(motet_call* call, const motet_stage* stage, const char* text, size_t size_bytes,
                           uint32_t flags, motet_value** tokens) {
  *(volatile char*)stage->host->scratch(call, 16) = 0;
  return right_encode(call, stage, text, size_bytes, flags, tokens);
}
#define ENCODE trusts
#include "tokenizer_tables.h"
