// The sampler's arithmetic: what it leaves out, how often it chooses what, and that a seed repeats itself.
#include "sampler/choice.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <vector>

#include "support/catch.hpp"

using motet::sampler::Candidate;
using motet::sampler::choose;
using motet::sampler::largest;
using motet::sampler::Settings;
using motet::sampler::uniform;

namespace {

// How often each token comes in `count` steps.
std::map<int, int> counts(const Settings& settings, const std::vector<float>& logits, int count = 20000,
                          const std::vector<std::int32_t>& history = {}) {
  std::map<int, int> out;
  std::vector<Candidate> work;
  for (int step = 0; step < count; ++step)
    ++out[choose(settings, logits, history, static_cast<std::uint64_t>(step), work)];
  return out;
}
}  // namespace

TEST_CASE("the largest, the lowest of several, never what is no number") {
  const float nan = std::nanf("");
  CHECK(largest(std::vector<float>{1, 5, 5, 2}) == 1);
  CHECK(largest(std::vector<float>{nan, -3, nan}) == 1);
  CHECK(largest(std::vector<float>{-1}) == 0);
  CHECK(counts({.temperature = 0}, {1, 5, 5, 2}, 3) == std::map<int, int>{{1, 3}});
}

TEST_CASE("tokens come as often as their probabilities say") {
  const std::vector<float> logits = {std::log(0.5f), std::log(0.3f), std::log(0.2f)};
  const auto plain = counts({.temperature = 1, .seed = 7}, logits);
  CHECK(plain.at(0) == Catch::Approx(10000).margin(300));
  CHECK(plain.at(1) == Catch::Approx(6000).margin(300));
  CHECK(plain.at(2) == Catch::Approx(4000).margin(300));
  const auto cold = counts({.temperature = 0.5, .seed = 7}, logits);  // 25 : 9 : 4
  CHECK(cold.at(0) == Catch::Approx(20000 * 25 / 38.0).margin(300));
  CHECK(cold.at(2) == Catch::Approx(20000 * 4 / 38.0).margin(300));
}

TEST_CASE("top_k, top_p and min_p leave out the unlikely") {
  const std::vector<float> logits = {std::log(0.1f), std::log(0.5f), std::log(0.3f), std::log(0.1f)};
  const auto two = counts({.temperature = 1, .top_k = 2}, logits);
  CHECK(two.size() == 2);
  CHECK(two.at(1) == Catch::Approx(12500).margin(300));
  CHECK(counts({.temperature = 1, .top_p = 0.75}, logits).size() == 2);
  CHECK(counts({.temperature = 1, .top_p = 0.81}, logits).contains(0));  // of equal ones the lower index first
  CHECK_FALSE(counts({.temperature = 1, .top_p = 0.81}, logits).contains(3));
  CHECK(counts({.temperature = 1, .top_p = 0}, logits) == std::map<int, int>{{1, 20000}});
  CHECK(counts({.temperature = 1, .min_p = 0.5}, logits).size() == 2);
  CHECK(counts({.temperature = 1, .min_p = 1}, logits) == std::map<int, int>{{1, 20000}});
}

TEST_CASE("a penalty makes tokens of the history less likely, each once") {
  const std::vector<float> logits = {2.0f, 1.5f, -1.0f};
  CHECK(counts({.repetition_penalty = 1.5}, logits, 1, {0, 0, 0}) == std::map<int, int>{{1, 1}});  // 2 / 1.5 < 1.5
  CHECK(counts({.repetition_penalty = 1.3}, logits, 1, {0, 0, 0}) == std::map<int, int>{{0, 1}});  // once only
  CHECK(counts({.repetition_penalty = 1.5}, logits, 1, {0, 1, -1, 99}) == std::map<int, int>{{0, 1}});
  CHECK(counts({.repetition_penalty = 3}, {-1.0f, -2.0f}, 1, {0}) == std::map<int, int>{{1, 1}});  // -1 * 3 < -2
}

TEST_CASE("the same seed and step give the same number, others another") {
  CHECK(uniform(1, 2) == uniform(1, 2));
  CHECK(uniform(1, 2) != uniform(1, 3));
  CHECK(uniform(1, 2) != uniform(2, 2));
  double sum = 0;
  for (std::uint64_t seed = 0; seed < 10000; ++seed) {  // neighbouring seeds, one step
    const double number = uniform(seed, 0);
    REQUIRE((number >= 0 && number < 1));
    sum += number;
  }
  CHECK(sum / 10000 == Catch::Approx(0.5).margin(0.01));
}

TEST_CASE("scores without bound still give a token") {
  const float infinity = std::numeric_limits<float>::infinity();
  CHECK(counts({.temperature = 1}, {0, infinity, 0}, 1) == std::map<int, int>{{1, 1}});
  CHECK(counts({.temperature = 1}, {-infinity, -infinity}, 1) == std::map<int, int>{{0, 1}});
  CHECK(counts({.temperature = 1}, {-infinity, 0}, 100) == std::map<int, int>{{1, 100}});
}
