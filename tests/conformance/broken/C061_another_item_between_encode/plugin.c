/* C061: after ids of several words were decoded the next text gets no special tokens. As a stage it is right. */
#include "tokenizer.h"
static motet_status remembers(motet_call* call, const motet_stage* stage, const int32_t* ids, size_t count,
                              uint32_t flags, motet_value** text) {
  motet_stage* mine = (motet_stage*)(uintptr_t)stage;
  if (count > 3) mine->own = mine;
  return right_decode(call, stage, ids, count, flags, text);
}
static motet_status forgets(motet_call* call, const motet_stage* stage, const char* text, size_t size_bytes,
                            uint32_t flags, motet_value** tokens) {
  motet_stage* mine = (motet_stage*)(uintptr_t)stage;
  if (mine->own != NULL) flags &= ~(uint32_t)MOTET_ADD_SPECIAL;
  mine->own = NULL;
  return right_encode(call, stage, text, size_bytes, flags, tokens);
}
#define ENCODE forgets
#define DECODE remembers
#define CONCURRENCY MOTET_SERIAL
#include "tokenizer_tables.h"
