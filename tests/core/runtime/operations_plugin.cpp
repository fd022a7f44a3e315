// Operations of a plugin's own, and stages that write them.
#include <motet/sdk.hpp>

#include <cmath>

namespace {

struct Wave {  // element by element
  static constexpr auto operation = motet::operation("test.wave/1")
                                        .summary("y = x + amount sin(x)^2")
                                        .in<float>("x", "any shape")
                                        .out<float>("y", "like x")
                                        .attribute<double>("amount", "how strong")
                                        .otherwise(1)
                                        .range(0, 8)
                                        .glsl(R"(
float y_at(uint i) {
  const float s = sin_exact(x_at(i));
  return x_at(i) + amount * s * s;
})");
  static void compute(const motet::Use& use, motet::Part<float> y) {
    const auto x = use.in<float>("x");
    const double amount = use.number("amount");
    for (std::int64_t i = y.begin; i < y.end; ++i) {
      const double at = x[static_cast<std::size_t>(i)];
      y[i] = static_cast<float>(at + amount * std::sin(at) * std::sin(at));
    }
  }
};

struct Rows {  // with a loop, an operand that may be absent, and two outputs of other shapes
  static constexpr auto operation = motet::operation("test.rows/1")
                                        .summary("sums of rows, weighted, and where each is largest")
                                        .in<float>("x", "[..., C]")
                                        .in<float>("weight", "[C]", motet::kOptional)
                                        .out<float>("sum", "[...]")
                                        .out<std::int32_t>("largest", "[...]")
                                        .attribute<int>("skip", "columns at the front that do not count")
                                        .range(0)
                                        .glsl(R"(
float sum_at(uint row) {
  float total = 0.0;
  for (uint c = uint(skip); c < x_size(-1); ++c)
    total += x_at(row * x_size(-1) + c) * (weight_given() ? weight_at(c) : 1.0);
  return total;
}
int largest_at(uint row) {
  uint best = uint(skip);
  for (uint c = best + 1u; c < x_size(-1); ++c)
    best = x_at(row * x_size(-1) + c) > x_at(row * x_size(-1) + best) ? c : best;
  return int(best);
})");
  static std::vector<motet::Sizes> shape(const motet::Use& use) {
    if (use.size("x", -1) <= use.integer("skip"))
      throw motet::ItemError("rows of " + std::to_string(use.size("x", -1)) + " have nothing left");
    if (use.given("weight") && use.size("weight", -1) != use.size("x", -1))
      throw motet::ItemError("the weights are not as many as there are columns");
    const auto x = use.shape("x");
    return {motet::Sizes(x.begin(), x.end() - 1), motet::Sizes(x.begin(), x.end() - 1)};
  }
  static std::int64_t cost(const motet::Use& use, int) { return use.size("x", -1); }
  static void compute(const motet::Use& use, motet::Part<float> sum, motet::Part<std::int32_t> largest) {
    const auto x = use.in<float>("x"), weight = use.in<float>("weight");
    const auto columns = static_cast<std::size_t>(use.size("x", -1));
    const auto skip = static_cast<std::size_t>(use.integer("skip"));
    for (std::int64_t row = sum.begin; row < sum.end; ++row) {
      double total = 0;
      for (std::size_t c = skip; c < columns; ++c)
        total += double{x[static_cast<std::size_t>(row) * columns + c]} * (weight.empty() ? 1 : weight[c]);
      sum[row] = static_cast<float>(total);
    }
    for (std::int64_t row = largest.begin; row < largest.end; ++row) {
      const float* at = &x[static_cast<std::size_t>(row) * columns];
      std::size_t best = skip;
      for (std::size_t c = skip + 1; c < columns; ++c) best = at[c] > at[best] ? c : best;
      largest[row] = static_cast<std::int32_t>(best);
    }
  }
};

struct Waves {
  static constexpr auto type = motet::stage_type("test.waves", "test")
                                   .summary("Waves.")
                                   .in("x", "f32[..., N]")
                                   .out("y", "f32[..., N]")
                                   .param<double>("amount", "of the wave")
                                   .otherwise("1");
  explicit Waves(const motet::Params& p) : amount(p.number("amount")) {}
  motet::Tensor build(motet::Builder& g, motet::Tensor x) const {
    if (g.has_op("test.wave/2") || g.has_op("test.wave") || !g.has_op("test.wave/1") || !g.has_op("softmax/1"))
      g.fail("has_op is wrong");
    const motet::Tensor y = g.custom<Wave>({g.scale(x, 2.0)}, {{"amount", amount}});
    return g.relu(y);
  }
  double amount;
};

struct Sums {
  static constexpr auto type = motet::stage_type("test.sums", "test")
                                   .summary("Sums.")
                                   .in("x", "f32[B, R, C]")
                                   .in("weight", "f32[B, C]", "", motet::kOptional)
                                   .out("sum", "f32[B, R]")
                                   .out("largest", "i32[B, R]")
                                   .param<std::int64_t>("skip", "columns")
                                   .otherwise("0");
  explicit Sums(const motet::Params& p) : skip(p.integer("skip")) {}
  std::vector<motet::Tensor> build(motet::Builder& g, motet::Tensor x, motet::Tensor weight) const {
    const motet::Tensor flat = weight ? g.reshape(weight, {-1}) : motet::Tensor{};
    return g.custom<Rows>({x, flat}, {{"skip", skip}});
  }
  std::int64_t skip;
};

}  // namespace

MOTET_PLUGIN("operations", "1.0.0", Waves, Wave, Sums, Rows)
