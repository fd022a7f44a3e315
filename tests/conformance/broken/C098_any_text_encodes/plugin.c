/* C098: divides by the length of a text that may be empty. */
#include "tokenizer.h"
static motet_status divides(motet_call* call, const motet_stage* stage, const char* text, size_t size_bytes,
                            uint32_t flags, motet_value** tokens) {
  const volatile size_t share = 100u / size_bytes;
  (void)share;
  return right_encode(call, stage, text, size_bytes, flags, tokens);
}
#define ENCODE divides
#include "tokenizer_tables.h"
