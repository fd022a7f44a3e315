/* C119: a token is as likely as its logit is above the smallest: nothing is raised to a power. */
#include "sampler.h"
static double weight_of(const motet_sampling* sampling, size_t i, double least) {
  return isfinite(sampling->logits[i]) ? sampling->logits[i] - least + 1 : 0;
}
static motet_status weighs(motet_call* call, const motet_stage* stage, const motet_sampling* sampling, int32_t* id) {
  double least = INFINITY, sum = 0, left;
  (void)call;
  for (size_t i = 0; i < sampling->vocabulary; ++i) {
    if (isfinite(sampling->logits[i])) least = fmin(least, sampling->logits[i]);
  }
  for (size_t i = 0; i < sampling->vocabulary; ++i) sum += weight_of(sampling, i, least);
  left = draw(stage->times, sampling->step) * sum;
  for (size_t i = 0; i < sampling->vocabulary; ++i) {
    const double weight = weight_of(sampling, i, least);
    if (weight > 0) *id = (int32_t)i;
    if (weight > 0 && (left -= weight) < 0) break;
  }
  return MOTET_OK;
}
#define SAMPLE weighs
static const motet_param kWarm[] = {
    {sizeof(motet_param), "seed", "of the random numbers", MOTET_PARAM_INT, 0, "0", 0, 1 << 30, NULL},
    {sizeof(motet_param), "temperature", "higher: bolder", MOTET_PARAM_FLOAT, 0, "1", 0.1, 10, NULL}};
#define PARAMS kWarm
#include "sampler_tables.h"
