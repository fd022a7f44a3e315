// sampler.standard: temperature, top-k, top-p, min-p and repetition penalty, the same for the same seed.
#include <motet/sdk.hpp>

#include "sampler/choice.hpp"

namespace motet::sampler {
namespace {

// logits f32[vocabulary] and history of one row to an id.
class Standard {
 public:
  static constexpr auto type =
      stage_type("sampler.standard", "sampler")
          .summary("Chooses the next token: the most likely one, or at random by a seed.")
          .example("sampler: {use: sampler.standard, with: {temperature: 0.7, top_p: 0.9, seed: 1}}")
          .param<double>("temperature", "0: always the most likely token; higher: bolder")
          .otherwise("0")
          .range(0, 100)
          .param<std::int64_t>("top_k", "only the k most likely tokens; 0: all")
          .otherwise("0")
          .range(0, 1 << 30)
          .param<double>("top_p", "only the most likely tokens that together reach this probability")
          .otherwise("1")
          .range(0, 1)
          .param<double>("min_p", "only tokens with at least this share of the best one's probability")
          .otherwise("0")
          .range(0, 1)
          .param<double>("repetition_penalty", "above 1: tokens that occurred become less likely")
          .otherwise("1")
          .range(0.01, 100)
          .param<std::int64_t>("seed", "the same seed gives the same text")
          .otherwise("0")
          .seeded();

  explicit Standard(const Params& p)
      : settings_{.temperature = p.number("temperature"),
                  .top_k = p.integer("top_k"),
                  .top_p = p.number("top_p"),
                  .min_p = p.number("min_p"),
                  .repetition_penalty = p.number("repetition_penalty"),
                  .seed = static_cast<std::uint64_t>(p.integer("seed"))} {}

  bool greedy() const { return settings_.temperature == 0 && settings_.repetition_penalty == 1; }

  std::int32_t sample(const Call&, const Sampling& sampling) const {
    if (sampling.logits.empty()) throw ItemError("there are no logits to choose from");
    if (greedy()) return largest(sampling.logits);
    thread_local std::vector<Candidate> work;
    return choose(settings_, sampling.logits, sampling.history, sampling.step, work);
  }

 private:
  Settings settings_;
};
}  // namespace
}  // namespace motet::sampler

MOTET_PLUGIN("sampler", "1.0.0", motet::sampler::Standard)
