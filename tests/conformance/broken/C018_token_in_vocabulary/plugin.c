/* C018: the token behind the last one. */
#include "sampler.h"
static motet_status behind(motet_call* call, const motet_stage* stage, const motet_sampling* sampling, int32_t* id) {
  const motet_status status = right_sample(call, stage, sampling, id);
  if (*id == 0) *id = (int32_t)sampling->vocabulary;
  return status;
}
#define SAMPLE behind
#include "sampler_tables.h"
