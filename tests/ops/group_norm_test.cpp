#include <algorithm>
#include <cmath>

#include "ops/harness.hpp"

namespace motet::tests::ops {
namespace {

std::vector<Numbers> reference(const Case& test) {
  const Shape& shape = test.operands[0].tensor.shape();
  const std::int64_t groups = test.attributes.integer("groups");
  const std::int64_t width = shape[2] / groups;
  Numbers y = numbers(test.operands[0].tensor);
  const Numbers weight = numbers(test.operands[1].tensor);
  const Numbers bias = numbers(test.operands[2].tensor);
  for (std::int64_t b = 0; b < shape[0]; ++b) {
    for (std::int64_t g = 0; g < groups; ++g) {
      const auto each = [&](auto&& body) {
        for (std::int64_t t = 0; t < shape[1]; ++t) {
          for (std::int64_t c = g * width; c < (g + 1) * width; ++c) {
            body(y[static_cast<std::size_t>((b * shape[1] + t) * shape[2] + c)], static_cast<std::size_t>(c));
          }
        }
      };
      const auto count = static_cast<double>(shape[1] * width);
      double mean = 0;
      each([&](double& value, std::size_t) { mean += value / count; });
      double variance = 0;
      each([&](double& value, std::size_t) { variance += (value - mean) * (value - mean) / count; });
      each([&](double& value, std::size_t c) {
        value = (value - mean) / std::sqrt(variance + test.attributes.number("eps"));
        if (!weight.empty()) value *= weight[c];
        if (!bias.empty()) value += bias[c];
      });
    }
  }
  return {y};
}

}  // namespace

TEST_CASE("group_norm: one group, several, one a channel") {
  Data data;
  struct Sizes {
    Shape shape;
    std::int64_t groups;
  };
  for (const auto& [shape, groups] : {Sizes{{1, 2749, 288}, 1}, Sizes{{2, 13, 12}, 3}, Sizes{{1, 1, 6}, 6},
                                      Sizes{{3, 7, 5}, 5}, Sizes{{1, 0, 4}, 2}, Sizes{{2, 301, 36}, 4}}) {
    const Attributes given = attributes({{"groups", groups}, {"eps", 1e-5}});
    const HostTensor x = data.floats(shape, -1, 2);
    const Operand weight(data.floats({shape[-1]}), Region::weight);
    const Operand bias(data.floats({shape[-1]}), Region::weight);
    check({"group_norm", given, {x, weight, bias}}, reference);
    check({"group_norm", given, {x, Operand(), Operand()}}, reference);
  }
}

}  // namespace motet::tests::ops
