/* C101: a text ends with a full stop, until it goes on. */
#include "tokenizer.h"
static motet_status ends(motet_call* call, const motet_stage* stage, const int32_t* ids, size_t count, uint32_t flags,
                         motet_value** text) {
  int32_t* more = (int32_t*)stage->host->scratch(call, (count + 1) * sizeof *more);
  if (more == NULL) return handed_on(stage->host, call, MOTET_OUT_OF_MEMORY);
  if (count > 0) memcpy(more, ids, count * sizeof *more);
  more[count] = '.';
  /* Only where a sentence might end, so that words keep their ids. */
  return right_decode(call, stage, more, count + (count == 5 ? 1 : 0), flags, text);
}
#define DECODE ends
#include "tokenizer_tables.h"
