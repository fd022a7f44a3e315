/* C099: looks an id up in a table without looking whether the table has it. */
#include "tokenizer.h"
static motet_status looks_up(motet_call* call, const motet_stage* stage, const int32_t* ids, size_t count,
                             uint32_t flags, motet_value** text) {
  static const char known[512];
  for (size_t i = 0; i < count; ++i) (void)((const volatile char*)known)[ids[i]];
  return right_decode(call, stage, ids, count, flags, text);
}
#define DECODE looks_up
#include "tokenizer_tables.h"
