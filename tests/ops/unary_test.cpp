#include <algorithm>
#include <cmath>

#include "ops/harness.hpp"

namespace motet::tests::ops {
namespace {

std::vector<Numbers> reference(const Case& test) {
  Numbers y = numbers(test.operands[0].tensor);
  for (double& value : y) value = unary_value(test.attributes.string("fn"), value);
  return {y};
}

Case unary(const char* fn, HostTensor x) { return {"unary", attributes({{"fn", std::string(fn)}}), {std::move(x)}}; }

}  // namespace

TEST_CASE("unary: every function on odd sizes") {
  Data data;
  for (const char* fn : {"neg", "abs", "exp", "square", "tanh", "sigmoid", "relu", "gelu", "gelu_tanh", "gelu_quick",
                         "silu", "erf", "sin", "cos", "floor", "round"}) {
    INFO(fn);
    for (const Shape& shape : {Shape{7, 3}, Shape{1, 257, 36}, Shape{0, 5}}) {
      check(unary(fn, data.floats(shape, -6, 6)), reference);
    }
    // Single elements are positive: far below zero gelu's 1 + erf cancels in floats, and nothing else is there to
    // outweigh it.
    for (const Shape& shape : {Shape{1}, Shape{}}) check(unary(fn, data.floats(shape, 1, 6)), reference);
  }
}

TEST_CASE("unary: functions of positive numbers") {
  Data data;
  for (const char* fn : {"log", "sqrt", "rsqrt", "reciprocal"}) {
    INFO(fn);
    for (const Shape& shape : {Shape{1}, Shape{13, 31}, Shape{20011}}) {
      check(unary(fn, data.floats(shape, 0.01, 20)), reference);
    }
  }
}

TEST_CASE("unary: halves are rounded to the even number") {
  check(unary("round", floats({8}, {-2.5f, -1.5f, -0.5f, 0.5f, 1.5f, 2.5f, 0.49999997f, 8388609.0f})),
        [](const Case&) { return std::vector<Numbers>{{-2, -2, 0, 0, 2, 2, 0, 8388609}}; });
}

TEST_CASE("unary: extremes saturate") {
  for (const char* fn : {"tanh", "sigmoid", "erf", "silu", "gelu", "gelu_tanh", "gelu_quick"}) {
    INFO(fn);
    check(unary(fn, floats({6}, {-100, -30, -9, 9, 30, 100})), reference);
  }
  check(unary("exp", floats({3}, {-200, 0, 100})),
        [](const Case&) { return std::vector<Numbers>{{0, 1, std::numeric_limits<double>::infinity()}}; });
}

}  // namespace motet::tests::ops
