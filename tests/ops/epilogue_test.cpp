// What planning fuses onto an operation gives what the operations would give one after the other.
#include "ops/harness.hpp"

namespace motet::tests::ops {
namespace {

using Reach = Epilogue::Reach;

// The operation alone on the device under test is proven elsewhere; here its own output, in double, is what is fused
// onto.
std::vector<Numbers> alone(const Case& test) {
  Case bare = test;
  bare.epilogues.clear();
  std::vector<Numbers> out;
  for (const HostTensor& tensor : run_on(*devices()[0], bare)) out.push_back(numbers(tensor));
  return out;
}

Shape output_shape(const Case& test) {
  const plan::Plan plan = single_step(test);
  return plan.tensors[plan.results[0]].type.shape;
}

void check_fused(Case test) {
  Data data(7);
  const Shape shape = output_shape(test);
  const std::vector<std::vector<FusedOp>> chains{
      {{"gelu"}},
      {{"add", data.floats({shape[-1]}), Reach::last_dimension}, {"gelu"}},
      {{"add", data.floats(shape), Reach::same}},
      {{"add", data.floats({shape[-1]}), Reach::last_dimension}, {"add", data.floats(shape), Reach::same}, {"relu"}},
      {{"mul", data.floats(shape), Reach::same}, {"silu"}, {"tanh"}},
      {{"mul", data.floats({1}), Reach::one}, {"tanh"}},
      {{"sub", data.floats(shape), Reach::same, true}, {"sigmoid"}, {"div", data.floats({1}, 1, 2), Reach::one, true}},
      {{"silu"},
       {"mul", data.floats(shape), Reach::same},
       {"add", data.floats({shape[-1]}), Reach::last_dimension},
       {"square"}},
      {{"sub", data.floats({shape[-1]}), Reach::last_dimension, true}, {"max", data.floats({1}), Reach::one}},
  };
  for (const auto& chain : chains) {
    test.epilogues = chain;
    INFO("fused: " << chain.front().fn);
    // Each function of the chain adds its own rounding to the operation's.
    check(test, alone, {1e-11, 1e-9, 1e-5});
  }
}

Operand weight(HostTensor tensor) { return {std::move(tensor), Region::weight}; }

}  // namespace

TEST_CASE("epilogue: matmul, few rows and many, both orders of b") {
  Data data;
  const auto given = [](std::int64_t transpose) { return attributes({{"transpose_b", transpose}}); };
  for (const std::int64_t m : {1, 3, 8, 45, 67, 301}) {
    check_fused({"matmul", given(1), {data.floats({m, 40}, 0, 1), weight(data.floats({301, 40}, 0, 1))}});
    check_fused({"matmul", given(0), {data.floats({m, 40}, 0, 1), weight(data.floats({40, 301}, 0, 1))}});
    check_fused({"matmul", given(1), {data.floats({m, 64}, 0, 1), weight(data.packed(DType::q8_0, {131, 64}))}});
  }
  check_fused({"matmul", given(0), {data.floats({3, 5, 8}, 0, 1), data.floats({3, 8, 13}, 0, 1)}});
  check_fused({"matmul", given(0), {data.floats({3, 50, 8}, 0, 1), data.floats({3, 8, 13}, 0, 1)}});
}

TEST_CASE("epilogue: conv1d") {
  Data data;
  const auto given = [](std::int64_t padding, std::int64_t groups) {
    return attributes({{"stride", std::int64_t{2}}, {"padding", padding}, {"groups", groups}});
  };
  check_fused({"conv1d",
               given(0, 1),
               {data.floats({2, 301, 4}, 0, 1), weight(data.floats({37, 4, 5}, 0, 1)), weight(data.floats({37}))}});
  // Wide enough for the dense library to pack, in more than one tile.
  check_fused({"conv1d",
               given(0, 1),
               {data.floats({2, 601, 32}, 0, 1), weight(data.floats({48, 32, 5}, 0, 1)), weight(data.floats({48}))}});
  check_fused(
      {"conv1d", given(1, 2), {data.floats({1, 61, 4}, 0, 1), weight(data.floats({6, 2, 3}, 0, 1)), Operand()}});
}

TEST_CASE("epilogue: norms") {
  Data data;
  check_fused({"layer_norm", {}, {data.floats({5, 61}), weight(data.floats({61})), weight(data.floats({61}, 3, 4))}});
  check_fused({"rms_norm", {}, {data.floats({5, 61}, 1, 2), weight(data.floats({61}, 1, 2))}});
  check_fused({"group_norm",
               attributes({{"groups", std::int64_t{2}}}),
               {data.floats({2, 301, 60}), weight(data.floats({60})), weight(data.floats({60}, 3, 4))}});
}

TEST_CASE("epilogue: elementwise operations and embedding") {
  Data data;
  check_fused({"unary", attributes({{"fn", std::string("exp")}}), {data.floats({3, 7001})}});
  check_fused({"unary", attributes({{"fn", std::string("sigmoid")}}), {data.floats({1, 20011})}});
  check_fused(
      {"binary", attributes({{"fn", std::string("add")}}), {data.floats({7, 1, 33}, 1, 2), data.floats({5, 1}, 1, 2)}});
  check_fused({"binary",
               attributes({{"fn", std::string("mul")}}),
               {data.floats({2, 9001}, 1, 2), data.floats({2, 9001}, 1, 2)}});
  check_fused({"embedding", {}, {weight(data.floats({11, 36}, 1, 2)), data.integers({9}, 0, 10)}});
}

}  // namespace motet::tests::ops
