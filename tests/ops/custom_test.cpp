// Operations that a plugin would bring: as both devices compute them.
#include "program/custom.hpp"

#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "ops/harness.hpp"

namespace motet::tests::ops {
namespace {

using program::CustomInput;

// What the cpu's reference sees.
struct Seen {
  std::vector<CustomInput> inputs;
  std::vector<TensorType> outputs;
  Attributes attributes;
  template <class T>
  const T* in(std::size_t i) const {
    return reinterpret_cast<const T*>(inputs[i].data);
  }
};
using Element = std::function<void(const Seen&, std::size_t output, std::int64_t i, std::byte* to)>;

class TestOp final : public program::Custom {
 public:
  TestOp(std::vector<program::CustomOperand> inputs, std::vector<program::CustomOperand> outputs, std::string glsl,
         Element element)
      : inputs_(std::move(inputs)), outputs_(std::move(outputs)), glsl_(std::move(glsl)), element_(std::move(element)) {
    def.name = "test.op/1";
    def.custom = this;
    def.infer = nullptr;
    for (const auto& one : inputs_) def.inputs.push_back({one.name, one.name != inputs_.front().name});
    for (const auto& one : outputs_) def.outputs.push_back(one.name);
  }
  TestOp(const TestOp&) = delete;  // its definition points to it
  TestOp& operator=(const TestOp&) = delete;

  std::string_view plugin() const override { return "test"; }
  std::span<const program::CustomOperand> inputs() const override { return inputs_; }
  std::span<const program::CustomOperand> outputs() const override { return outputs_; }
  std::string_view glsl() const override { return glsl_; }
  std::vector<TensorType> infer(const program::OpCall& call) const override { return shape(call); }
  std::vector<std::int64_t> costs(const program::OpCall&, std::span<const TensorType> outputs) const override {
    return std::vector<std::int64_t>(outputs.size(), cost);
  }
  std::unique_ptr<program::CustomUse> use(std::span<const CustomInput> inputs, std::span<const TensorType> outputs,
                                          const Attributes& attributes) const override {
    class Run final : public program::CustomUse {
     public:
      Run(const Element& element, Seen seen) : element_(element), seen_(std::move(seen)) {}
      void compute(std::size_t output, std::int64_t begin, std::int64_t end, std::byte* to) const override {
        for (std::int64_t i = begin; i < end; ++i) element_(seen_, output, i, to + 4 * (i - begin));
      }

     private:
      const Element& element_;
      Seen seen_;
    };
    return std::make_unique<Run>(element_,
                                 Seen{{inputs.begin(), inputs.end()}, {outputs.begin(), outputs.end()}, attributes});
  }

  program::OpDef def;
  std::int64_t cost = 1;
  std::function<std::vector<TensorType>(const program::OpCall&)> shape = [](const program::OpCall& call) {
    return std::vector<TensorType>{{DType::f32, call.shape(0)}};
  };

 private:
  std::vector<program::CustomOperand> inputs_, outputs_;
  std::string glsl_;
  Element element_;
};

Case use_of(const TestOp& op, std::vector<Operand> operands, Attributes attributes = {}) {
  Case test{"custom", std::move(attributes), std::move(operands)};
  test.def = &op.def;
  return test;
}

void put(std::byte* to, double value) {
  const auto narrowed = static_cast<float>(value);
  std::memcpy(to, &narrowed, sizeof narrowed);
}

// A triangle wave of x, and where it is given plus a shift for each of the last dimension.
double folded(double x, double limit, std::int64_t times) {
  const double turns = std::floor((x / limit + 1) / 2);
  const double rest = x - 2 * limit * turns;
  return static_cast<double>(times) * (std::fmod(std::abs(turns), 2) == 0 ? rest : -rest);
}

std::unique_ptr<TestOp> fold_op() {
  auto op = std::make_unique<TestOp>(
      std::vector<program::CustomOperand>{{"x", DType::f32}, {"shift", DType::f32}},
      std::vector<program::CustomOperand>{{"y", DType::f32}}, R"(
float y_at(uint i) {
  const float turns = floor((x_at(i) / limit + 1.0) / 2.0);
  const float rest = x_at(i) - 2.0 * limit * turns;
  const float folded = mod(abs(turns), 2.0) == 0.0 ? rest : -rest;
  return float(times) * folded + (shift_given() ? shift_at(i % y_size(-1)) : 0.0);
})",
      [](const Seen& seen, std::size_t, std::int64_t i, std::byte* to) {
        const Shape& shape = seen.outputs[0].shape;
        const double x = seen.in<float>(0)[i];
        const double shift = seen.inputs[1].type == nullptr ? 0 : seen.in<float>(1)[i % shape[-1]];
        put(to, folded(x, seen.attributes.number("limit"), seen.attributes.integer("times")) + shift);
      });
  op->def.attributes = {{"limit", program::AttributeKind::number, true},
                        {"times", program::AttributeKind::integer, false, std::int64_t{1}}};
  return op;
}

std::vector<Numbers> fold_reference(const Case& test) {
  const Numbers x = numbers(test.operands[0].tensor), shift = numbers(test.operands[1].tensor);
  Numbers y;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const Attributes complete = test.def->complete(test.attributes);
    // A shader has 32 bits.
    y.push_back(folded(x[i], static_cast<float>(complete.number("limit")), complete.integer("times")) +
                (shift.empty() ? 0 : shift[i % shift.size()]));
  }
  return {y};
}

}  // namespace

TEST_CASE("custom: element by element, with attributes and an operand that may be absent") {
  Data data;
  const std::unique_ptr<TestOp> folding = fold_op();
  const TestOp& op = *folding;
  for (const std::int64_t size : {0, 1, 2, 7, 127, 255, 256, 257, 1009, 70001}) {
    INFO(size);
    check(use_of(op, {data.floats({size}, -9, 9), {}}, attributes({{"limit", 1.5}})), fold_reference);
  }
  check(use_of(op, {data.floats({3, 5, 37}, -9, 9), data.floats({37})},
               attributes({{"limit", 0.75}, {"times", std::int64_t{-3}}})),
        fold_reference);
  check(use_of(op, {data.floats({257, 0}), {}}, attributes({{"limit", 1.0}})), fold_reference);
  check(use_of(op, {data.floats({}, -9, 9), {}}, attributes({{"limit", 1.0}})), fold_reference);
}

TEST_CASE("custom: several outputs of other shapes and types, each with a loop") {
  TestOp op({{"x", DType::f32}, {"pick", DType::i32}}, {{"sum", DType::f32}, {"largest", DType::i32}}, R"(
float sum_at(uint row) {
  float total = 0.0;
  for (uint c = 0; c < x_size(-1); ++c) total += x_at(row * x_size(-1) + c) * float(pick_at(c));
  return total;
}
int largest_at(uint row) {
  const uint begin = row * x_size(-1);
  uint best = 0;
  for (uint c = 1; c < x_size(-1); ++c) best = x_at(begin + c) > x_at(begin + best) ? c : best;
  return int(best) - int(largest_rank()) * 1000;
})",
            [](const Seen& seen, std::size_t output, std::int64_t row, std::byte* to) {
              const std::int64_t columns = seen.inputs[0].type->shape[-1];
              const float* x = seen.in<float>(0) + row * columns;
              double sum = 0;
              std::int32_t best = 0;
              for (std::int64_t c = 0; c < columns; ++c) {
                sum += double{x[c]} * seen.in<std::int32_t>(1)[c];
                if (x[c] > x[best]) best = static_cast<std::int32_t>(c);
              }
              best -= 2000;
              output == 0 ? put(to, sum) : static_cast<void>(std::memcpy(to, &best, sizeof best));
            });
  op.shape = [](const program::OpCall& call) {
    const Shape& x = call.shape(0);
    return std::vector<TensorType>{{DType::f32, {x[0], x[1]}}, {DType::i32, {x[0], x[1]}}};
  };
  op.cost = 37;
  Data data;
  for (const auto& [rows, columns] : {std::pair{1, 1}, {13, 37}, {255, 3}, {257, 2}, {1, 1009}}) {
    INFO(rows << " x " << columns);
    check(use_of(op, {data.floats({1, rows, columns}), data.integers({columns}, -9, 9)}), [](const Case& test) {
      const Shape& shape = test.operands[0].tensor.shape();
      const Numbers x = numbers(test.operands[0].tensor), pick = numbers(test.operands[1].tensor);
      Numbers sums, largest;
      for (std::int64_t row = 0; row < shape[1]; ++row) {
        double sum = 0, best = 0;
        for (std::int64_t c = 0; c < shape[2]; ++c) {
          const auto at = static_cast<std::size_t>(row * shape[2] + c);
          sum += x[at] * pick[static_cast<std::size_t>(c)];
          if (x[at] > x[static_cast<std::size_t>(row * shape[2]) + static_cast<std::size_t>(best)])
            best = static_cast<double>(c);
        }
        sums.push_back(sum);
        largest.push_back(best - 2000);
      }
      return std::vector<Numbers>{sums, largest};
    });
  }
}

TEST_CASE("custom: long work is cut, and nothing is computed twice or left out") {
  TestOp op({{"x", DType::i32}}, {{"y", DType::i32}}, "int y_at(uint i) { return x_at(i) + int(i) * step; }",
            [](const Seen& seen, std::size_t, std::int64_t i, std::byte* to) {
              const auto y =
                  static_cast<std::int32_t>(seen.in<std::int32_t>(0)[i] + i * seen.attributes.integer("step"));
              std::memcpy(to, &y, sizeof y);
            });
  op.def.attributes = {{"step", program::AttributeKind::integer, true}};
  op.shape = [](const program::OpCall& call) { return std::vector<TensorType>{call.type(0)}; };
  op.cost = 30000;  // about 9,000 elements are a dispatch
  Data data;
  check(use_of(op, {data.integers({30011}, -5, 5)}, attributes({{"step", std::int64_t{3}}})), [](const Case& test) {
    Numbers y = numbers(test.operands[0].tensor);
    for (std::size_t i = 0; i < y.size(); ++i) y[i] += 3 * static_cast<double>(i);
    return std::vector<Numbers>{y};
  });
}

TEST_CASE("custom: what is outside reads NaN, and the functions that a body finds are exact") {
  TestOp outside({{"x", DType::f32}, {"n", DType::i32}}, {{"y", DType::f32}},
                 "float y_at(uint i) { return (isnan(x_at(x_count() + i)) ? 1.0 : 0.0) + (n_at(i) == -2147483647 - 1 ? "
                 "2.0 : 0.0) + (n_given() ? 4.0 : 0.0); }",
                 [](const Seen&, std::size_t, std::int64_t, std::byte* to) { put(to, 3); });
  Data data;
  check(use_of(outside, {data.floats({257}), {}}), [](const Case&) { return std::vector<Numbers>{Numbers(257, 3)}; });

  const auto functions = [](double x) {
    return std::exp(x) + std::log(std::abs(x) + 1e-3) + std::tanh(x) + 1 / (1 + std::exp(-x)) + std::erf(x) +
           std::sin(9 * x) + std::cos(9 * x) + std::pow(std::abs(x), 1.5);
  };
  TestOp exact(
      {{"x", DType::f32}}, {{"y", DType::f32}},
      "float y_at(uint i) { float x = x_at(i); return exp_exact(x) + log_exact(abs(x) + 1e-3) + tanh_exact(x) "
      "+ sigmoid_exact(x) + erf_exact(x) + sin_exact(9.0 * x) + cos_exact(9.0 * x) + pow_exact(abs(x), 1.5); }",
      [&](const Seen& seen, std::size_t, std::int64_t i, std::byte* to) { put(to, functions(seen.in<float>(0)[i])); });
  check(use_of(exact, {data.floats({1009}, -3, 3)}), [&](const Case& test) {
    Numbers y = numbers(test.operands[0].tensor);
    for (double& one : y) one = functions(one);
    return std::vector<Numbers>{y};
  });
}

TEST_CASE("custom: a reference that fails is the run's error, that of its first element") {
  TestOp op({{"x", DType::f32}}, {{"y", DType::f32}}, "float y_at(uint i) { return x_at(i); }",
            [](const Seen&, std::size_t, std::int64_t i, std::byte* to) {
              if (i >= 70001) base::fail(base::ErrorKind::plugin, "no element " + std::to_string(i));
              put(to, 0);
            });
  Data data;
  CHECK_THROWS_WITH(run_on(*devices().front(), use_of(op, {data.floats({200003})})),
                    Catch::Contains("no element 70001"));
}

}  // namespace motet::tests::ops
