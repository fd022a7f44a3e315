/* C089: begins now with one token, now with another. */
#include "generator.h"
static motet_status changes(motet_call* call, const motet_stage* stage, motet_generation* out) {
  static int32_t asked = 0;
  const motet_status status = right_generation(call, stage, out);
  out->start = 1 + asked++ % 2;
  return status;
}
#define GENERATION changes
#include "generator_tables.h"
