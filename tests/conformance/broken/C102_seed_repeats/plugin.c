/* C102: the random numbers go on from call to call in long texts, instead of coming from the step. */
#include "sampler.h"
static motet_status goes_on(motet_call* call, const motet_stage* stage, const motet_sampling* sampling, int32_t* id) {
  static uint64_t drawn = 0;
  motet_sampling own = *sampling;
  if (own.step >= 100) own.step = drawn++;
  return right_sample(call, stage, &own, id);
}
#define SAMPLE goes_on
#include "sampler_tables.h"
