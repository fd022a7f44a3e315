/* C115: what it decodes is in capitals, which are other tokens. */
#include "tokenizer.h"
static motet_status shouts(motet_call* call, const motet_stage* stage, const int32_t* ids, size_t count, uint32_t flags,
                           motet_value** text) {
  int32_t* capitals = (int32_t*)stage->host->scratch(call, (count + 1) * sizeof *capitals);
  if (capitals == NULL) return handed_on(stage->host, call, MOTET_OUT_OF_MEMORY);
  for (size_t i = 0; i < count; ++i) capitals[i] = ids[i] >= 'a' && ids[i] <= 'z' ? ids[i] - 32 : ids[i];
  return right_decode(call, stage, capitals, count, flags, text);
}
#define DECODE shouts
#include "tokenizer_tables.h"
