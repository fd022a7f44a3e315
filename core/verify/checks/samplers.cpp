// 102 to 105 and 119: a sampler chooses by the logits and its seed alone.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <string_view>

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

// How often each of eight tokens comes.
constexpr std::size_t kTokens = 8;
struct Draws {
  std::vector<int> counts = std::vector<int>(kTokens, 0);
  int drawn = 0;
};

Draws draws(const Made& made, const std::vector<float>& logits, std::uint64_t count) {
  Draws out;
  for (std::uint64_t step = 0; step < count; ++step) {
    const std::int32_t id = draw(made, logits, {}, step);
    if (id < 0) continue;
    ++out.counts[static_cast<std::size_t>(id)];
    ++out.drawn;
  }
  return out;
}

// Chi-square with 7 degrees of freedom. Above 40.5 comes of a right sampler once in a million.
void expect_distribution(const Draws& found, const std::vector<double>& probabilities, const std::string& what) {
  double chi_square = 0;
  std::string said, wanted;
  for (std::size_t i = 0; i < kTokens; ++i) {
    const double expected = found.drawn * probabilities[i];
    chi_square += (found.counts[i] - expected) * (found.counts[i] - expected) / expected;
    said += (i == 0 ? "" : ", ") + std::to_string(found.counts[i]);
    wanted += (i == 0 ? "" : ", ") + std::to_string(std::lround(expected));
  }
  expect(chi_square < 40.5, "of " + std::to_string(found.drawn) + " draws from " + what + " they come " + said +
                                " times, not about " + wanted + ": chi-square " + std::to_string(chi_square));
}

void fair_to_equals(Trial& trial) {
  std::vector<host::ParamValue> values;
  const Made made = adventurous(trial, values);
  if (made->greedy()) skip("it says greedy: it always gives the first");
  const Draws found = draws(made, std::vector<float>(kTokens, 0.25F), 4000);
  if (found.drawn == 0) skip("it refuses eight equal logits");
  expect_distribution(found, std::vector<double>(kTokens, 1.0 / kTokens), "eight equal logits");
}

// What the parameters are called that make a distribution another one, and where they do nothing.
struct Neutral {
  std::string_view name;
  double value;
};
constexpr Neutral kNeutral[] = {{"temperature", 1},
                                {"seed", 0},
                                {"top_k", 0},
                                {"top_p", 1},
                                {"min_p", 0},
                                {"typical_p", 1},
                                {"repetition_penalty", 1},
                                {"presence_penalty", 0},
                                {"frequency_penalty", 0}};

// Parameters of a sampler with nothing but its temperature.
std::vector<host::ParamValue> unfiltered(const Subject& subject, double temperature) {
  std::vector<host::ParamValue> out = subject.stage().parameters;
  bool has_temperature = false;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const plugin::ParamInfo& param = subject.type().params[i];
    const auto neutral = std::ranges::find(kNeutral, param.name, &Neutral::name);
    if (neutral == std::end(kNeutral)) skip("the kit does not know what its parameter '" + param.name + "' does");
    const bool is_temperature = param.name == "temperature" && param.kind == MOTET_PARAM_FLOAT;
    has_temperature = has_temperature || is_temperature;
    if (param.name == "seed") continue;
    const double number = is_temperature ? temperature : neutral->value;
    if (number < param.minimum || number > param.maximum)
      skip("its parameter '" + param.name + "' cannot be " + std::to_string(number));
    if (param.kind == MOTET_PARAM_INT) out[i].value = static_cast<std::int64_t>(number);
    if (param.kind == MOTET_PARAM_FLOAT) out[i].value = number;
  }
  if (!has_temperature) skip("it has no parameter `temperature`, and so says of no distribution that it is its own");
  return out;
}

void drawn_by_softmax(Trial& trial) {
  Subject& subject = trial.subject();
  const float first = trial.random().number();  // where all lie is no matter
  std::vector<float> logits;
  for (const float above : {0.0F, 2.5F, 0.5F, 3.0F, 1.0F, 2.0F, 1.5F, 0.75F}) logits.push_back(first + above);
  for (const double temperature : {1.0, 2.0}) {
    const std::vector<host::ParamValue> values = unfiltered(subject, temperature);
    Making making;
    making.parameters = &values;
    std::optional<Made> made;
    if (const auto refused = refusal([&] { made.emplace(subject.make(making)); }))
      skip("it refuses a temperature of " + std::to_string(temperature) + ": " + refused->message);
    std::vector<double> probabilities;
    for (const float logit : logits) probabilities.push_back(std::exp((logit - logits[3]) / temperature));
    const double sum = std::accumulate(probabilities.begin(), probabilities.end(), 0.0);
    for (double& one : probabilities) one /= sum;
    const Draws found = draws(*made, logits, 8000);
    if (found.drawn == 0) skip("it refuses eight logits");
    expect_distribution(found, probabilities, "eight logits at temperature " + std::to_string(temperature));
  }
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
      {119, "drawn_by_softmax",
       "A sampler with a parameter `temperature` draws by softmax(logits / temperature) where nothing else changes "
       "that: `top_k` 0, `top_p` 1 and the like (chi-square over thousands of draws).",
       "Texts are bolder or tamer than the temperature says, and than those of other programs.", "kit", On::sampler,
       kNormal, drawn_by_softmax},
      {105, "impossible_never", "A token whose logit is minus infinity never comes while another one is finite.",
       "What a mask forbids is said all the same.", "kit", On::sampler, kBasic, impossible_never},
  };
  return kChecks;
}

}  // namespace motet::verify::families
