#include <algorithm>
#include <cmath>

#include "ops/harness.hpp"

namespace motet::tests::ops {
namespace {

// Weights of the positions of x that one position of y is made of.
struct Mix {
  std::int64_t first, second;
  double share;
};

Mix place(std::int64_t r, std::int64_t from, std::int64_t to, bool nearest, bool corners) {
  if (nearest) return {r * from / to, r * from / to, 0};
  double at = corners ? (to == 1 ? 0.0 : static_cast<double>(r * (from - 1)) / static_cast<double>(to - 1))
                      : (static_cast<double>(r) + 0.5) * static_cast<double>(from) / static_cast<double>(to) - 0.5;
  at = std::clamp(at, 0.0, static_cast<double>(from - 1));
  const auto first = static_cast<std::int64_t>(std::floor(at));
  return {first, std::min(first + 1, from - 1), at - static_cast<double>(first)};
}

std::vector<Numbers> reference(const Case& test) {
  const Shape& shape = test.operands[0].tensor.shape();
  const Numbers x = numbers(test.operands[0].tensor);
  const auto& size = test.attributes.integers("size");
  const bool nearest = test.attributes.string("fn") == "nearest";
  const bool corners = test.attributes.integer("align_corners") != 0;
  Numbers y;
  for (std::int64_t at = 0; at < shape[0] * size[0] * size[1] * shape[3]; ++at) {
    const std::int64_t i = at % shape[3], c = at / shape[3] % size[1], r = at / shape[3] / size[1] % size[0];
    const std::int64_t b = at / shape[3] / size[1] / size[0];
    const Mix down = place(r, shape[1], size[0], nearest, corners);
    const Mix across = place(c, shape[2], size[1], nearest, corners);
    const auto element = [&](std::int64_t row, std::int64_t column) {
      return x[static_cast<std::size_t>(((b * shape[1] + row) * shape[2] + column) * shape[3] + i)];
    };
    const auto line = [&](std::int64_t row) {
      return (1 - across.share) * element(row, across.first) + across.share * element(row, across.second);
    };
    y.push_back((1 - down.share) * line(down.first) + down.share * line(down.second));
  }
  return {y};
}

Case upsample(const char* fn, HostTensor x, std::int64_t height, std::int64_t width, bool corners = false) {
  return {"upsample",
          attributes({{"fn", std::string(fn)},
                      {"size", std::vector<std::int64_t>{height, width}},
                      {"align_corners", std::int64_t{corners}}}),
          {std::move(x)}};
}

}  // namespace

TEST_CASE("upsample: to larger and smaller grids") {
  Data data;
  for (const auto& [fn, corners] : {std::pair{"nearest", false}, {"bilinear", false}, {"bilinear", true}}) {
    INFO(fn << (corners ? " with corners" : ""));
    check(upsample(fn, data.floats({2, 7, 5, 3}), 14, 10, corners), reference);
    check(upsample(fn, data.floats({1, 7, 5, 37}), 13, 17, corners), reference);
    check(upsample(fn, data.floats({1, 31, 29, 2}), 5, 7, corners), reference);
    check(upsample(fn, data.floats({1, 4, 4, 1}), 4, 4, corners), reference);
    check(upsample(fn, data.floats({1, 1, 1, 1}, 1, 2), 1, 1, corners), reference);
    check(upsample(fn, data.floats({1, 1, 6, 5}), 3, 1, corners), reference);
    check(upsample(fn, data.floats({1, 14, 14, 8}), 101, 67, corners), reference);
    check(upsample(fn, data.floats({0, 3, 3, 2}), 5, 5, corners), reference);
    check(upsample(fn, data.floats({1, 3, 3, 0}), 5, 5, corners), reference);
  }
}

TEST_CASE("upsample: by hand") {
  const HostTensor x = floats({1, 1, 2, 1}, {0, 4});
  const auto gives = [](Numbers want) { return [want](const Case&) { return std::vector<Numbers>{want}; }; };
  check(upsample("bilinear", x, 1, 4), gives({0, 1, 3, 4}));
  check(upsample("bilinear", x, 1, 5, true), gives({0, 1, 2, 3, 4}));
  check(upsample("nearest", x, 1, 5), gives({0, 0, 0, 4, 4}));
}

}  // namespace motet::tests::ops
