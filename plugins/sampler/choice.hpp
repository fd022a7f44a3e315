// Chooses a token from its scores. Plain arithmetic; the same seed and step give the same choice.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace motet::sampler {

struct Settings {
  double temperature = 0;         // 0: the most likely token
  std::int64_t top_k = 0;         // only the k most likely; 0: all
  double top_p = 1;               // only the most likely that together reach this probability
  double min_p = 0;               // only those with at least this share of the most likely one's probability
  double repetition_penalty = 1;  // above 1: tokens of the history become less likely
  std::uint64_t seed = 0;
};

// In [0, 1), from 53 bits of a mix of seed and step (SplitMix64, Steele et al. 2014).
double uniform(std::uint64_t seed, std::uint64_t step);

// The index of the largest, the lowest of several; NaN counts as the smallest. Precondition: not empty.
std::int32_t largest(std::span<const float> logits);

// The penalty is taken first, then temperature, top_k, top_p and min_p, each on what the one before left. `work` is
// memory for logits.size() candidates, kept between calls so that a step allocates nothing.
struct Candidate {
  float logit = 0;
  std::int32_t id = 0;
  double probability = 0;
};
std::int32_t choose(const Settings& settings, std::span<const float> logits, std::span<const std::int32_t> history,
                    std::uint64_t step, std::vector<Candidate>& work);

}  // namespace motet::sampler
