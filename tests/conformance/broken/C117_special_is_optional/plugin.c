/* C117: special tokens are written out although they should be left out. */
#include "tokenizer.h"
static motet_status writes_all(motet_call* call, const motet_stage* stage, const int32_t* ids, size_t count,
                               uint32_t flags, motet_value** text) {
  (void)flags;
  return right_decode(call, stage, ids, count, 0, text);
}
#define DECODE writes_all
#include "tokenizer_tables.h"
