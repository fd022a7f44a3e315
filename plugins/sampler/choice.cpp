#include "sampler/choice.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace motet::sampler {
namespace {

// NaN sorts below everything, so that it is never chosen while anything else is there.
float ranked(float logit) { return std::isnan(logit) ? -std::numeric_limits<float>::infinity() : logit; }

bool more_likely(const Candidate& a, const Candidate& b) {
  return a.logit != b.logit ? a.logit > b.logit : a.id < b.id;
}

// Each token once, however often it occurred (Keskar et al. 2019): a positive score is divided, a negative multiplied.
void penalise(std::vector<Candidate>& all, std::span<const std::int32_t> history, double penalty) {
  if (penalty == 1) return;
  for (std::int32_t id : history) {
    if (id < 0 || static_cast<std::size_t>(id) >= all.size()) continue;
    Candidate& candidate = all[static_cast<std::size_t>(id)];
    if (candidate.probability != 0) continue;  // marks the tokens that are done
    candidate.probability = 1;
    candidate.logit = static_cast<float>(candidate.logit > 0 ? candidate.logit / penalty : candidate.logit * penalty);
  }
}

// Probabilities of candidates that are sorted, the most likely first.
void softmax(std::vector<Candidate>& sorted, double temperature) {
  double sum = 0;
  for (Candidate& candidate : sorted) {
    candidate.probability = std::exp((static_cast<double>(candidate.logit) - sorted.front().logit) / temperature);
    sum += candidate.probability;
  }
  for (Candidate& candidate : sorted) candidate.probability /= sum;
}

void keep(std::vector<Candidate>& sorted, std::size_t count) {
  sorted.resize(std::max<std::size_t>(count, 1));
  double sum = 0;
  for (const Candidate& candidate : sorted) sum += candidate.probability;
  for (Candidate& candidate : sorted) candidate.probability /= sum;
}

void keep_top_p(std::vector<Candidate>& sorted, double top_p) {
  if (top_p >= 1) return;
  double reached = 0;
  std::size_t count = 0;
  while (count < sorted.size() && reached < top_p) reached += sorted[count++].probability;
  keep(sorted, count);
}

void keep_min_p(std::vector<Candidate>& sorted, double min_p) {
  if (min_p <= 0) return;
  const double least = min_p * sorted.front().probability;
  const auto end =
      std::find_if(sorted.begin(), sorted.end(), [&](const Candidate& c) { return c.probability < least; });
  keep(sorted, static_cast<std::size_t>(end - sorted.begin()));
}
}  // namespace

double uniform(std::uint64_t seed, std::uint64_t step) {
  std::uint64_t z = seed * 0xD1B54A32D192ED03u + (step + 1) * 0x9E3779B97F4A7C15u;
  for (int round = 0; round < 2; ++round) {  // twice, because neighbouring seeds start close together
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    z ^= z >> 31;
  }
  return static_cast<double>(z >> 11) * 0x1p-53;
}

std::int32_t largest(std::span<const float> logits) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < logits.size(); ++i) {
    if (ranked(logits[i]) > ranked(logits[best])) best = i;
  }
  return static_cast<std::int32_t>(best);
}

std::int32_t choose(const Settings& settings, std::span<const float> logits, std::span<const std::int32_t> history,
                    std::uint64_t step, std::vector<Candidate>& work) {
  work.resize(logits.size());
  for (std::size_t i = 0; i < logits.size(); ++i) work[i] = {ranked(logits[i]), static_cast<std::int32_t>(i), 0};
  penalise(work, history, settings.repetition_penalty);
  const auto best = std::min_element(work.begin(), work.end(), more_likely);
  // A score without bound leaves no probabilities to compare.
  if (settings.temperature <= 0 || !std::isfinite(best->logit)) return best->id;
  const std::size_t count =
      settings.top_k > 0 ? std::min(work.size(), static_cast<std::size_t>(settings.top_k)) : work.size();
  std::partial_sort(work.begin(), work.begin() + static_cast<std::ptrdiff_t>(count), work.end(), more_likely);
  work.resize(count);
  softmax(work, settings.temperature);
  keep_top_p(work, settings.top_p);
  keep_min_p(work, settings.min_p);
  double left = uniform(settings.seed, step);
  for (const Candidate& candidate : work) {
    left -= candidate.probability;
    if (left < 0) return candidate.id;
  }
  return work.back().id;  // the probabilities' sum may be a little below 1
}

}  // namespace motet::sampler
