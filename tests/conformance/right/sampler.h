/* A sampler that keeps every rule: a token with the probability that softmax gives it, from its parameter `seed`. Used
 * as host_stage.h says, with sampler_tables.h. */
#ifndef CONFORMANCE_SAMPLER_H
#define CONFORMANCE_SAMPLER_H

#include "base.h"

static inline int right_greedy(const motet_stage* stage) {
  (void)stage;
  return 0;
}

/* In [0, 1), of the seed and the step (SplitMix64). */
static inline double draw(int64_t seed, uint64_t step) {
  uint64_t z = (uint64_t)seed * 0x9e3779b97f4a7c15u + (step + 1) * 0xd1342543de82ef95u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  z ^= z >> 31;
  return (double)(z >> 11) * 0x1p-53;
}

static inline motet_status right_sample(motet_call* call, const motet_stage* stage, const motet_sampling* sampling,
                                        int32_t* id) {
  double most = -INFINITY, sum = 0, left;
  int32_t last = 0;
  (void)call;
  for (size_t i = 0; i < sampling->vocabulary; ++i) most = fmax(most, sampling->logits[i]);
  for (size_t i = 0; i < sampling->vocabulary; ++i) sum += exp(sampling->logits[i] - most);
  left = draw(stage->times, sampling->step) * sum;
  for (size_t i = 0; i < sampling->vocabulary; ++i) {
    const double weight = exp(sampling->logits[i] - most);
    if (weight > 0) last = (int32_t)i;
    if (weight > 0 && (left -= weight) < 0) break;
  }
  *id = last;
  return MOTET_OK;
}

#endif
