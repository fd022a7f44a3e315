// Attention's rows on the cpu, few and many: what is hidden, and what is no number.
#include "device/cpu/attend.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "support/catch.hpp"

using namespace motet::device::cpu;

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr std::int64_t kKeys = 21, kWidth = 3;

// Keys whose first element is a query's score, values that count.
struct Rows {
  explicit Rows(std::int64_t count)
      : rows(count),
        query(at(rows * kWidth)),
        key(at(kKeys * kWidth)),
        value(at(kKeys * kWidth)),
        y(at(rows * kWidth)) {
    for (std::int64_t t = 0; t < rows; ++t) query[at(t * kWidth)] = 1;
    for (std::int64_t s = 0; s < kKeys; ++s) {
      key[at(s * kWidth)] = 0.25f * static_cast<float>(s % 5);
      for (std::int64_t i = 0; i < kWidth; ++i) value[at(s * kWidth + i)] = static_cast<float>(s + i);
    }
    seen.assign(at(rows), {0, kKeys});
  }
  static std::size_t at(std::int64_t i) { return static_cast<std::size_t>(i); }

  void run() {
    std::vector<float> scratch(attend_floats(rows, kKeys, kWidth));
    attend({query.data(), kWidth, key.data(), kWidth, value.data(), kWidth, bias.empty() ? nullptr : bias.data(), kKeys,
            y.data(), kWidth, rows, kWidth, 1.0f, seen.data()},
           scratch.data());
  }

  float result(std::int64_t t) const { return y[at(t * kWidth)]; }
  double expected(std::int64_t t) const {
    double sum = 0, weights = 0;
    for (std::int64_t s = seen[at(t)].begin; s < seen[at(t)].end; ++s) {
      const double weight = std::exp(static_cast<double>(key[at(s * kWidth)]));
      sum += weight * static_cast<double>(value[at(s * kWidth)]), weights += weight;
    }
    return weights > 0 ? sum / weights : 0;
  }

  std::int64_t rows;
  std::vector<float> query, key, value, y, bias;
  std::vector<Span> seen;
};

constexpr std::int64_t kCounts[] = {1, 8, 9, 33, 34};

}  // namespace

TEST_CASE("attention: who sees nothing gets zeros, and what lies beyond the others' keys is not touched") {
  for (const std::int64_t count : kCounts) {
    Rows rows(count);
    for (Span& span : rows.seen) span = {2, 5};
    if (count > 1) rows.seen[1] = {17, 17};
    for (std::int64_t s = 5; s < kKeys; ++s) rows.value[Rows::at(s * kWidth)] = kNaN;
    rows.run();
    for (std::int64_t t = 0; t < count; ++t) {
      INFO(count << " queries, " << t);
      CHECK(rows.result(t) == Catch::Approx(rows.expected(t)).epsilon(1e-6));
    }
  }
}

TEST_CASE("attention: a row that a bias hides gets zeros") {
  for (const std::int64_t count : kCounts) {
    Rows rows(count);
    rows.bias.assign(Rows::at(count * kKeys), 0.0f);
    for (std::int64_t s = 0; s < kKeys; ++s) rows.bias[Rows::at((count - 1) * kKeys + s)] = -kInfinity;
    rows.run();
    INFO(count << " queries");
    CHECK(rows.result(count - 1) == 0.0f);
    if (count > 1) CHECK(rows.result(0) == Catch::Approx(rows.expected(0)).epsilon(1e-6));
  }
}

TEST_CASE("attention: scores that are no numbers make no plausible answer") {
  for (const std::int64_t count : kCounts) {
    for (const float broken : {kNaN, kInfinity}) {
      for (const std::int64_t place : {0, 1, 20}) {
        Rows rows(count);
        rows.key[0] = 100;  // forgotten where a maximum starts anew behind a NaN
        rows.key[Rows::at(place * kWidth)] = broken;
        rows.run();
        INFO(count << " queries, " << broken << " at " << place);
        for (std::int64_t t = 0; t < count; ++t) CHECK(std::isnan(rows.result(t)));
      }
    }
  }
}
