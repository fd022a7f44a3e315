#include <algorithm>
#include <cmath>

#include "ops/harness.hpp"

namespace motet::tests::ops {
namespace {

enum Operands : std::size_t { kQuery, kKey, kValue, kPast, kRow, kPosition, kLength, kBias };

struct Options {
  std::int64_t causal = 0;
  double scale = 0;
  std::int64_t window = 0;
};

Case attention(std::vector<Operand> operands, Options options = {}) {
  operands.resize(8);
  return {"attention", attributes({{"causal", options.causal}, {"scale", options.scale}, {"window", options.window}}),
          std::move(operands)};
}

double scale_of(const Case& test) {
  const double scale = test.attributes.number("scale");
  return scale != 0 ? scale : 1 / std::sqrt(static_cast<double>(test.operands[kQuery].tensor.shape()[-1]));
}

// One query over keys begin..end; key(s) and value(s) point at d numbers, bias(s) is added.
template <class Key, class Value, class Bias>
void attend(const double* query, std::int64_t d, std::int64_t begin, std::int64_t end, double scale, Key key,
            Value value, Bias bias, Numbers& y) {
  Numbers weight;
  double most = -INFINITY;
  for (std::int64_t s = begin; s < end; ++s) {
    double score = 0;
    for (std::int64_t i = 0; i < d; ++i) score += query[i] * key(s)[i];
    weight.push_back(scale * score + bias(s));
    most = std::max(most, weight.back());
  }
  double sum = 0;
  for (double& w : weight) sum += w = std::exp(w - most);
  for (std::int64_t i = 0; i < d; ++i) {
    double out = 0;
    for (std::int64_t s = begin; s < end; ++s) out += weight[static_cast<std::size_t>(s - begin)] / sum * value(s)[i];
    y.push_back(out);
  }
}

std::vector<Numbers> batch_reference(const Case& test) {
  const Shape& q_shape = test.operands[kQuery].tensor.shape();
  const Shape& k_shape = test.operands[kKey].tensor.shape();
  const Numbers q = numbers(test.operands[kQuery].tensor), k = numbers(test.operands[kKey].tensor);
  const Numbers v = numbers(test.operands[kValue].tensor), length = numbers(test.operands[kLength].tensor);
  const Numbers bias = numbers(test.operands[kBias].tensor);
  const std::int64_t tokens = q_shape[1], heads = q_shape[2], d = q_shape[3], keys = k_shape[1], key_heads = k_shape[2];
  Numbers y;
  for (std::int64_t b = 0; b < q_shape[0]; ++b) {
    for (std::int64_t t = 0; t < tokens; ++t) {
      for (std::int64_t h = 0; h < heads; ++h) {
        std::int64_t end = length.empty() ? keys : static_cast<std::int64_t>(length[static_cast<std::size_t>(b)]);
        if (test.attributes.integer("causal")) end = std::min(end, t + keys - tokens + 1);
        const auto at = [&](const Numbers& x) {
          return [&x, b, h, keys, key_heads, d, heads](std::int64_t s) {
            return x.data() + ((b * keys + s) * key_heads + h / (heads / key_heads)) * d;
          };
        };
        const std::int64_t window = test.attributes.integer("window"), place = t + keys - tokens;
        const std::int64_t begin = window > 0 ? std::max<std::int64_t>(0, place + 1 - window) : 0;
        if (window > 0) end = std::min(end, place + window);
        attend(
            q.data() + ((b * tokens + t) * heads + h) * d, d, begin, end, scale_of(test), at(k), at(v),
            [&](std::int64_t s) {
              return bias.empty() ? 0 : bias[static_cast<std::size_t>((h * tokens + t) * keys + s)];
            },
            y);
      }
    }
  }
  return {y};
}

std::vector<Numbers> state_reference(const Case& test) {
  const Shape& q_shape = test.operands[kQuery].tensor.shape();
  const Shape& past_shape = test.operands[kPast].tensor.shape();
  const Numbers q = numbers(test.operands[kQuery].tensor), k = numbers(test.operands[kKey].tensor);
  const Numbers v = numbers(test.operands[kValue].tensor), row = numbers(test.operands[kRow].tensor);
  const Numbers position = numbers(test.operands[kPosition].tensor), bias = numbers(test.operands[kBias].tensor);
  const std::int64_t distances = bias.empty() ? 0 : test.operands[kBias].tensor.shape()[1];
  Numbers past = numbers(test.operands[kPast].tensor);
  const std::int64_t heads = q_shape[1], d = q_shape[2], rows = past_shape[1], key_heads = past_shape[2],
                     capacity = past_shape[3];
  const auto place = [&](std::int64_t part, double r, std::int64_t h, std::int64_t s) {
    const std::int64_t at = test.attributes.integer("window") > 0 ? s % capacity : s;  // a ring
    return past.data() + (((part * rows + static_cast<std::int64_t>(r)) * key_heads + h) * capacity + at) * d;
  };
  for (std::size_t n = 0; n < row.size(); ++n) {
    if (row[n] < 0) continue;
    for (std::int64_t h = 0; h < key_heads; ++h) {
      const auto from = static_cast<std::ptrdiff_t>((static_cast<std::int64_t>(n) * key_heads + h) * d);
      std::copy_n(k.begin() + from, d, place(0, row[n], h, static_cast<std::int64_t>(position[n])));
      std::copy_n(v.begin() + from, d, place(1, row[n], h, static_cast<std::int64_t>(position[n])));
    }
  }
  const std::int64_t window = test.attributes.integer("window");
  Numbers y;
  for (std::size_t n = 0; n < row.size(); ++n) {
    for (std::int64_t h = 0; h < heads; ++h) {
      const std::int64_t end = row[n] < 0 ? 0 : static_cast<std::int64_t>(position[n]) + 1;
      const std::int64_t begin = window > 0 ? std::max<std::int64_t>(0, end - window) : 0;
      const std::int64_t key_head = h / (heads / key_heads);
      attend(
          q.data() + (static_cast<std::int64_t>(n) * heads + h) * d, d, begin, end, scale_of(test),
          [&](std::int64_t s) { return place(0, row[n], key_head, s); },
          [&](std::int64_t s) { return place(1, row[n], key_head, s); },
          [&](std::int64_t s) {
            const auto distance = std::min(static_cast<std::int64_t>(position[n]) - s, distances - 1);
            return bias.empty() ? 0.0 : bias[static_cast<std::size_t>(h * distances + distance)];
          },
          y);
    }
  }
  return {y, past};
}

std::vector<Numbers> kept_reference(const Case& test) {
  const Shape& q_shape = test.operands[kQuery].tensor.shape();
  const Shape& k_shape = test.operands[kKey].tensor.shape();
  const Numbers q = numbers(test.operands[kQuery].tensor), k = numbers(test.operands[kKey].tensor);
  const Numbers v = numbers(test.operands[kValue].tensor), row = numbers(test.operands[kRow].tensor);
  const Numbers length = numbers(test.operands[kLength].tensor);
  const std::int64_t heads = q_shape[1], d = q_shape[2], capacity = k_shape[1], key_heads = k_shape[2];
  Numbers y;
  for (std::size_t n = 0; n < row.size(); ++n) {
    for (std::int64_t h = 0; h < heads; ++h) {
      const std::int64_t end = row[n] < 0 ? 0 : static_cast<std::int64_t>(length[static_cast<std::size_t>(row[n])]);
      const auto at = [&](const Numbers& x) {
        return [&](std::int64_t s) {
          return x.data() +
                 ((static_cast<std::int64_t>(row[n]) * capacity + s) * key_heads + h / (heads / key_heads)) * d;
        };
      };
      attend(
          q.data() + (static_cast<std::int64_t>(n) * heads + h) * d, d, 0, end, scale_of(test), at(k), at(v),
          [](std::int64_t) { return 0.0; }, y);
    }
  }
  return {y, k, v};
}

}  // namespace

TEST_CASE("attention: a batch, grouped heads, with and without lengths") {
  Data data;
  for (const std::int64_t causal : {0, 1}) {
    const Options options{causal};
    check(attention({data.floats({1, 1, 1, 1}), data.floats({1, 1, 1, 1}), data.floats({1, 1, 1, 1})}, options),
          batch_reference);
    check(attention({data.floats({2, 7, 6, 13}), data.floats({2, 11, 3, 13}), data.floats({2, 11, 3, 13})}, options),
          batch_reference);
    check(attention({data.floats({3, 31, 4, 32}, -3, 3),
                     data.floats({3, 31, 4, 32}, -3, 3),
                     data.floats({3, 31, 4, 32}),
                     {},
                     {},
                     {},
                     integers({31, 1, 17})},
                    options),
          batch_reference);
    check(attention(
              {data.floats({1, 157, 2, 36}, -2, 2), data.floats({1, 157, 1, 36}, -2, 2), data.floats({1, 157, 1, 36})},
              options),
          batch_reference);
    check(attention({data.floats({2, 3, 2, 8}),
                     data.floats({2, 5, 2, 8}),
                     data.floats({2, 5, 2, 8}),
                     {},
                     {},
                     {},
                     integers({0, 5})},
                    options),
          batch_reference);
  }
}

TEST_CASE("attention: a bias and a scale of its own") {
  Data data;
  check(attention({data.floats({2, 9, 4, 16}),
                   data.floats({2, 13, 2, 16}),
                   data.floats({2, 13, 2, 16}),
                   {},
                   {},
                   {},
                   integers({13, 6}),
                   data.floats({4, 9, 13}, -4, 4)},
                  {0, 0.3}),
        batch_reference);
  check(attention({data.floats({1, 70, 2, 8}),
                   data.floats({1, 70, 2, 8}),
                   data.floats({1, 70, 2, 8}),
                   {},
                   {},
                   {},
                   {},
                   data.floats({2, 70, 70}, -4, 4)},
                  {1, 2.0}),
        batch_reference);
}

TEST_CASE("attention: more queries and keys than a block, heads of many sizes") {
  Data data;
  for (const std::int64_t d : {1, 30, 36, 64, 113}) {
    for (const std::int64_t tokens : {9, 17, 45}) {
      check(attention({data.floats({2, tokens, 2, d}, -2, 2),
                       data.floats({2, 77, 1, d}, -2, 2),
                       data.floats({2, 77, 1, d}),
                       {},
                       {},
                       {},
                       integers({77, 50})},
                      {d == 36}),
            batch_reference);
    }
  }
  check(attention(
            {data.floats({1, 131, 1, 20}, -2, 2), data.floats({1, 1037, 1, 20}, -2, 2), data.floats({1, 1037, 1, 20})},
            {1}),
        batch_reference);
}

TEST_CASE("attention: a query that sees no key gets zeros") {
  Data data;
  check(attention({data.floats({1, 5, 2, 4}), data.floats({1, 3, 2, 4}), data.floats({1, 3, 2, 4})}, {1}),
        batch_reference);
  check(attention({data.floats({1, 33, 2, 4}),
                   data.floats({1, 3, 2, 4}),
                   data.floats({1, 3, 2, 4}),
                   {},
                   {},
                   {},
                   integers({0})}),
        batch_reference);
}

TEST_CASE("attention: a state is written, then read, by any mix of sequences") {
  Data data;
  const auto state_case = [&](Shape past, std::vector<std::int32_t> row, std::vector<std::int32_t> position,
                              std::int64_t heads, Options options) {
    const auto n = static_cast<std::int64_t>(row.size());
    const Shape key{n, past[2], past[4]};
    check(attention({data.floats({n, heads, past[4]}, -2, 2),
                     data.floats(key, -2, 2),
                     data.floats(key),
                     {data.floats(past), Region::state},
                     integers(std::move(row)),
                     integers(std::move(position))},
                    options),
          state_reference);
  };
  state_case({2, 1, 1, 1, 1}, {0}, {0}, 1, {});
  state_case({2, 3, 3, 64, 64}, {1}, {37}, 9, {});
  state_case({2, 4, 2, 32, 36}, {0, 3, -1, 1}, {5, 31, 0, 0}, 8, {});
  for (const std::int64_t window : {0, 1, 7}) {
    std::vector<std::int32_t> row, position;
    for (std::int32_t i = 0; i < 40; ++i) row.push_back(2), position.push_back(i + 3);
    for (std::int32_t i = 0; i < 5; ++i) row.push_back(0), position.push_back(i);
    for (std::int32_t i = 0; i < 3; ++i) row.push_back(-1), position.push_back(0);
    state_case({2, 3, 2, 48, 20}, row, position, 4, {0, 0, window});
  }
}

TEST_CASE("attention: over a state the bias is by distance") {
  Data data;
  std::vector<std::int32_t> row, position;
  for (std::int32_t i = 0; i < 21; ++i) row.push_back(2), position.push_back(i + 24);
  row.push_back(0), position.push_back(0);
  row.push_back(-1), position.push_back(0);
  const auto n = static_cast<std::int64_t>(row.size());
  for (const std::int64_t d : {1, 20}) {
    for (const std::int64_t distances : {1, 9, 100}) {
      for (const std::int64_t window : {0, 13}) {
        check(attention({data.floats({n, 4, d}, -2, 2),
                         data.floats({n, 2, d}, -2, 2),
                         data.floats({n, 2, d}),
                         {data.floats({2, 3, 2, 48, d}), Region::state},
                         integers(row),
                         integers(position),
                         {},
                         data.floats({4, distances}, -2, 2)},
                        {0, 0, window}),
              state_reference);
      }
    }
  }
}

TEST_CASE("attention: a batch sees no further than its window, on both sides or only back") {
  Data data;
  for (const std::int64_t tokens : {1, 3, 37}) {
    for (const std::int64_t window : {1, 6, 100}) {
      for (const std::int64_t causal : {0, 1}) {
        check(attention({data.floats({2, tokens, 4, 20}, -2, 2),
                         data.floats({2, 41, 2, 20}, -2, 2),
                         data.floats({2, 41, 2, 20}),
                         {},
                         {},
                         {},
                         integers({41, 30}),
                         data.floats({4, tokens, 41})},
                        {causal, 0, window}),
              batch_reference);
      }
    }
  }
}

TEST_CASE("attention: a window's state is a ring") {
  Data data;
  for (const std::int64_t d : {1, 20, 64}) {  // vectors of four and others
    std::vector<std::int32_t> row, position;
    for (std::int32_t i = 0; i < 30; ++i) row.push_back(1), position.push_back(90 + i);  // from 42 around to 23
    for (std::int32_t i = 0; i < 9; ++i) row.push_back(0), position.push_back(i);
    row.push_back(2), position.push_back(1000003);
    row.push_back(-1), position.push_back(0);
    const auto n = static_cast<std::int64_t>(row.size());
    for (const std::int64_t window : {1, 7, 19}) {  // 19 and 30 - 1 fill the 48
      check(attention({data.floats({n, 4, d}, -2, 2),
                       data.floats({n, 2, d}, -2, 2),
                       data.floats({n, 2, d}),
                       {data.floats({2, 3, 2, 48, d}), Region::state},
                       integers(row),
                       integers(position)},
                      {0, 0, window}),
            state_reference);
    }
  }
}

TEST_CASE("attention: kept keys end at each row's length") {
  Data data;
  const auto kept_case = [&](Shape kept, std::vector<std::int32_t> row, std::vector<std::int32_t> length,
                             std::int64_t heads) {
    const auto n = static_cast<std::int64_t>(row.size());
    check(attention({data.floats({n, heads, kept[3]}, -2, 2),
                     {data.floats(kept, -2, 2), Region::kept},
                     {data.floats(kept), Region::kept},
                     {},
                     integers(std::move(row)),
                     {},
                     integers(std::move(length))}),
          kept_reference);
  };
  kept_case({1, 1, 1, 1}, {0}, {1}, 1);
  kept_case({2, 512, 8, 36}, {0}, {457, 3}, 8);
  kept_case({4, 33, 2, 16}, {3, 0, -1, 1, 2}, {33, 0, 7, 1}, 6);
  kept_case({3, 200, 2, 21}, {2, 0, 2, 1, -1}, {64, 129, 200}, 6);  // pieces full, begun and empty
  kept_case({2, 100, 1, 8}, std::vector<std::int32_t>(20, 1), {5, 99}, 3);
}

}  // namespace motet::tests::ops
