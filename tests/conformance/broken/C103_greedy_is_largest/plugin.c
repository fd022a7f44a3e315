/* C103: says greedy and draws all the same. */
#include "sampler.h"
static int says_so(const motet_stage* stage) {
  (void)stage;
  return 1;
}
static motet_status draws(motet_call* call, const motet_stage* stage, const motet_sampling* sampling, int32_t* id) {
  return right_sample(call, stage, sampling, id);
}
#define SAMPLE draws
#define GREEDY says_so
#include "sampler_tables.h"
