// 102 to 105: a sampler chooses by the logits and its seed alone.
#include <cmath>
#include <limits>

#include "verify/trial.hpp"

namespace motet::verify::families {
namespace {

constexpr float kImpossible = -std::numeric_limits<float>::infinity();

std::vector<float> random_logits(Random& random, std::size_t size) {
  std::vector<float> out(size);
  for (float& one : out) one = 3 * random.number();
  return out;
}

// -1 where it refuses.
std::int32_t draw(const Made& made, const std::vector<float>& logits, const std::vector<std::int32_t>& history,
                  std::uint64_t step) {
  std::int32_t id = -1;
  (void)refusal([&] { id = made->sample(logits, history, step, {}); });
  return id;
}

// With a parameter `temperature` at 1, where there is such one: not always the most likely token.
Made adventurous(Trial& trial, std::vector<host::ParamValue>& values) {
  Subject& subject = trial.subject();
  values = subject.stage().parameters;
  for (host::ParamValue& one : values) {
    if (one.name == "temperature" && one.kind == MOTET_PARAM_FLOAT) one.value = 1.0;
  }
  Making making;
  making.parameters = &values;
  return subject.make(making);
}

void seed_repeats(Trial& trial) {
  Subject& subject = trial.subject();
  if (subject.type().determinism == MOTET_IMPURE) skip("it says impure: its choices may differ");
  std::vector<host::ParamValue> values;
  const Made first = adventurous(trial, values);
  const Made second = adventurous(trial, values);
  (void)draw(second, random_logits(trial.random(), 9), {}, 3);  // what one drew before is no matter
  for (std::uint64_t step = 0; step < 200; ++step) {
    const std::vector<float> logits = random_logits(trial.random(), 23);
    const std::int32_t a = draw(first, logits, {1, 2}, step);
    const std::int32_t b = draw(second, logits, {1, 2}, step);
    expect(a == b, "with the same seed, logits and history step " + std::to_string(step) + " gives the token " +
                       std::to_string(a) + " and then " + std::to_string(b));
  }
}

void greedy_is_largest(Trial& trial) {
  const Made made = trial.subject().make();
  if (!made->greedy()) skip("it does not say greedy here");
  for (std::uint64_t step = 0; step < 100; ++step) {
    std::vector<float> logits = random_logits(trial.random(), 19);
    if (step % 3 == 0) logits[7] = logits[11] = 9.0F;  // the lowest index of several
    std::int32_t largest = 0;
    for (std::size_t i = 1; i < logits.size(); ++i) {
      if (logits[i] > logits[static_cast<std::size_t>(largest)]) largest = static_cast<std::int32_t>(i);
    }
    const std::int32_t id = draw(made, logits, {}, step);
    expect(id == largest, "it says greedy, and gives the token " + std::to_string(id) + " where " +
                              std::to_string(largest) + " has the largest logit");
  }
}

// Eight tokens of one logit: chi-square of how often each comes, with 7 degrees of freedom. Above 40.5 comes of a fair
// sampler once in a million.
void fair_to_equals(Trial& trial) {
  std::vector<host::ParamValue> values;
  const Made made = adventurous(trial, values);
  if (made->greedy()) skip("it says greedy: it always gives the first");
  constexpr std::size_t kTokens = 8;
  constexpr int kDraws = 4000;
  const std::vector<float> logits(kTokens, 0.25F);
  std::vector<int> counts(kTokens, 0);
  int drawn = 0;
  for (std::uint64_t step = 0; step < kDraws; ++step) {
    const std::int32_t id = draw(made, logits, {}, step);
    if (id < 0) continue;
    ++counts[static_cast<std::size_t>(id)];
    ++drawn;
  }
  if (drawn == 0) skip("it refuses eight equal logits");
  double chi_square = 0;
  const double expected = static_cast<double>(drawn) / kTokens;
  std::string said;
  for (const int count : counts) {
    chi_square += (count - expected) * (count - expected) / expected;
    said += (said.empty() ? "" : ", ") + std::to_string(count);
  }
  expect(chi_square < 40.5, "of " + std::to_string(drawn) + " draws from eight equal logits they come " + said +
                                " times: chi-square " + std::to_string(chi_square));
}

void impossible_never(Trial& trial) {
  std::vector<host::ParamValue> values;
  const Made made = adventurous(trial, values);
  for (std::uint64_t step = 0; step < 300; ++step) {
    std::vector<float> logits(17, kImpossible);
    const auto possible = static_cast<std::size_t>(trial.random().between(0, 16));
    logits[possible] = trial.random().number();
    if (step % 2 == 0) logits[(possible + 5) % 17] = trial.random().number();
    const std::int32_t id = draw(made, logits, {}, step);
    expect(id < 0 || logits[static_cast<std::size_t>(id)] != kImpossible,
           "it gives the token " + std::to_string(id) + ", whose logit is -infinity");
  }
}

}  // namespace

std::span<const Check> samplers() {
  static constexpr Check kChecks[] = {
      {102, "seed_repeats", "The same seed, logits, history and step give the same token, whatever was drawn before.",
       "A text cannot be generated again, and depends on what else runs.", "kit", On::sampler, kBasic, seed_repeats},
      {103, "greedy_is_largest",
       "Where `greedy` says so, `sample` gives the largest logit, the lowest index of several.",
       "Generation on the device, which does that by itself, writes another text.", "kit", On::sampler, kBasic,
       greedy_is_largest},
      {104, "fair_to_equals", "Tokens of equal logits come equally often (chi-square over thousands of draws).",
       "Texts lean to some words for no reason that anybody could see.", "kit", On::sampler, kNormal, fair_to_equals},
      {105, "impossible_never", "A token whose logit is minus infinity never comes while another one is finite.",
       "What a mask forbids is said all the same.", "kit", On::sampler, kBasic, impossible_never},
  };
  return kChecks;
}

}  // namespace motet::verify::families
