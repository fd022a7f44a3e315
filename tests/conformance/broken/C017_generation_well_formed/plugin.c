/* C017: a vocabulary of nothing. */
#include "generator.h"
static motet_status nothing(motet_call* call, const motet_stage* stage, motet_generation* out) {
  const motet_status status = right_generation(call, stage, out);
  out->vocabulary = 0;
  return status;
}
#define GENERATION nothing
#include "generator_tables.h"
