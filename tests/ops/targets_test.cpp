// The cpu's kernels on every set of vector instructions that this machine has, not only on the best one.
#include <hwy/targets.h>

#include "device/cpu/cpu_device.hpp"
#include "ops/harness.hpp"

namespace motet::tests::ops {
namespace {

// Sums are taken in another order, and fused or not, so the results are close, not equal.
void check_close(const std::vector<HostTensor>& got, const std::vector<HostTensor>& want) {
  REQUIRE(got.size() == want.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    const Numbers a = numbers(got[i]);
    const Numbers b = numbers(want[i]);
    REQUIRE(a.size() == b.size());
    double error = 0;
    double power = 0;
    for (std::size_t k = 0; k < a.size(); ++k) error += (a[k] - b[k]) * (a[k] - b[k]), power += b[k] * b[k];
    CHECK(error <= 4e-12 * power);
  }
}

std::vector<Case> cases() {
  Data data;
  const auto weight = [](HostTensor tensor) { return Operand(std::move(tensor), Region::weight); };
  const Attributes transposed = attributes({{"transpose_b", std::int64_t{1}}});
  std::vector<Case> out;
  for (const std::int64_t m : {1, 2, 3, 7, 40}) {
    for (const DType dtype : {DType::q8_0, DType::q4_0, DType::q4_1, DType::f16, DType::bf16}) {
      out.push_back({"matmul", transposed, {data.floats({m, 96}), weight(data.packed(dtype, {37, 96}))}});
    }
    for (const DType dtype : {DType::q5_0, DType::q5_1, DType::q4_K, DType::q5_K, DType::q6_K})
      out.push_back({"matmul", transposed, {data.floats({m, 256}), weight(data.packed(dtype, {37, 256}))}});
    out.push_back({"matmul", transposed, {data.floats({m, 101}), weight(data.floats({37, 101}))}});
    out.push_back({"matmul",
                   attributes({{"transpose_b", std::int64_t{0}}}),
                   {data.floats({m, 31}), weight(data.floats({31, 101}))}});
  }
  for (const char* fn : {"exp", "log", "tanh", "sigmoid", "gelu", "gelu_tanh", "gelu_quick", "silu", "erf", "sin",
                         "cos", "floor", "round", "rsqrt", "relu"}) {
    out.push_back({"unary",
                   attributes({{"fn", std::string(fn)}}),
                   {data.floats({3, 37}, 0.1, 3)},
                   {{"mul", data.floats({37}), Epilogue::Reach::last_dimension}}});
  }
  for (const char* op : {"layer_norm", "rms_norm"})
    out.push_back({op, {}, {data.floats({5, 37}, 1, 2), weight(data.floats({37}))}});
  out[out.size() - 2].operands.resize(3);
  out.push_back(
      {"group_norm", attributes({{"groups", std::int64_t{3}}}), {data.floats({2, 7, 15}, 1, 2), Operand(), Operand()}});
  out.push_back({"softmax", {}, {data.floats({5, 37}, -3, 3)}});
  out.push_back({"argmax", {}, {data.floats({5, 3001})}});
  out.push_back({"reduce",
                 attributes({{"fn", std::string("max")}, {"axis", std::int64_t{1}}}),
                 {data.floats({5, 37}), Operand()}});
  for (const char* layout : {"halves", "interleaved"}) {
    out.push_back({"rope",
                   attributes({{"dims", std::int64_t{22}}, {"layout", std::string(layout)}}),
                   {data.floats({1, 9, 2, 25}), Operand()}});
  }
  for (const std::int64_t t : {5, 40}) {
    out.push_back({"attention",
                   attributes({{"causal", std::int64_t{1}}}),
                   {data.floats({1, t, 2, 20}), data.floats({1, t, 2, 20}), data.floats({1, t, 2, 20})}});
    out.back().operands.resize(8);
  }
  return out;
}

}  // namespace

TEST_CASE("every vector target of this machine computes the same") {
  const auto device = device::cpu::open_cpu(1);
  const std::vector<Case> all = cases();
  std::vector<std::vector<HostTensor>> want;
  for (const Case& test : all) want.push_back(run_on(*device, test));
  for (std::int64_t rest = hwy::SupportedTargets(); rest != 0; rest &= rest - 1) {
    const std::int64_t target = rest & -rest;
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(target);
    INFO("on " << hwy::TargetName(target));
    for (std::size_t i = 0; i < all.size(); ++i) {
      INFO(all[i].op);
      check_close(run_on(*device, all[i]), want[i]);
    }
    hwy::SetSupportedTargetsForTest(0);
  }
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

}  // namespace motet::tests::ops
