// retrieval.rank: texts by their scores.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <string>
#include <vector>

#include <motet/sdk.hpp>

namespace motet::retrieval {

// scores f32[M] of M texts to lines "0.8123<tab>text", the best first (of equal scores the earlier text), and the texts
// and scores in that order.
class Rank {
 public:
  static constexpr auto type =
      stage_type("retrieval.rank", "retrieval")
          .summary("Orders texts by their scores, the best first.")
          .example(
              "nearest: {use: retrieval.rank, with: {top: 5}, in: {scores: match.scores, texts: inputs.sentences}}")
          .in("scores", "f32[M]", "one for each text")
          .in("texts", "text[]", "what was compared", kWholeList)
          .out("text", "text", "a line for each: its score, a tab, the text")
          .out("ranked", "text[]", "the texts, the best first")
          .out("ranking", "f32[K]", "their scores")
          .out("order", "i32[K]", "their places in the input, from 0")
          .param<std::int64_t>("top", "how many; 0: all")
          .otherwise("0")
          .range(0, 1 << 30);

  explicit Rank(const Params& p) : top_(p.integer("top")) {}

  std::vector<Value> process(const Call& call, const TensorValue& scores, const List& texts) const {
    const std::span<const float> all = scores.floats();
    if (all.size() != texts.size()) {
      throw ItemError(std::to_string(all.size()) + " scores do not fit " + std::to_string(texts.size()) + " texts",
                      "in.scores");
    }
    const std::vector<std::size_t> order = best(all);
    const auto count = static_cast<std::int64_t>(order.size());
    NewTensor ranking = call.tensor(MOTET_F32, {count});
    NewTensor places = call.tensor(MOTET_I32, {count});
    std::vector<Value> ranked;
    std::string lines;
    for (std::size_t i = 0; i < order.size(); ++i) {
      const Text text = texts.text_at(order[i]);
      char score[32];
      std::snprintf(score, sizeof score, "%.4f\t", static_cast<double>(all[order[i]]));
      lines += (i == 0 ? "" : "\n") + std::string(score) + std::string(text.text());
      ranking.floats()[i] = all[order[i]];
      places.integers()[i] = static_cast<std::int32_t>(order[i]);
      ranked.push_back(text);
    }
    return {call.text(lines), call.list(ranked), ranking, places};
  }

 private:
  std::vector<std::size_t> best(std::span<const float> scores) const {
    std::vector<std::size_t> order(scores.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    // What is no number comes last: it compares with nothing.
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return std::isnan(scores[b]) ? !std::isnan(scores[a]) : scores[a] > scores[b];
    });
    if (top_ > 0 && order.size() > static_cast<std::size_t>(top_)) order.resize(static_cast<std::size_t>(top_));
    return order;
  }

  std::int64_t top_;
};

}  // namespace motet::retrieval
