#include <cstring>

#include "device/cpu/cpu_device.hpp"
#include "ops/harness.hpp"

namespace motet::tests::ops {
namespace {

void same_on_any_number_of_threads(const Case& test) {
  INFO(test.op);
  const auto one = device::cpu::open_cpu(1);
  const std::vector<HostTensor> want = run_on(*one, test);
  for (const int threads : {2, 3}) {
    const auto many = device::cpu::open_cpu(threads);
    const std::vector<HostTensor> got = run_on(*many, test);
    REQUIRE(got.size() == want.size());
    for (std::size_t i = 0; i < got.size(); ++i) {
      REQUIRE(got[i].size_bytes() == want[i].size_bytes());
      CHECK(std::memcmp(got[i].data(), want[i].data(), got[i].size_bytes()) == 0);
    }
  }
}

Attributes transposed() { return attributes({{"transpose_b", std::int64_t{1}}}); }

}  // namespace

TEST_CASE("the cpu gives the same bits on any number of threads") {
  Data data;
  for (const std::int64_t m : {1, 5, 200}) {
    same_on_any_number_of_threads(
        {"matmul", transposed(), {data.floats({m, 576}), {data.floats({1000, 576}), Region::weight}}});
    same_on_any_number_of_threads(
        {"matmul", transposed(), {data.floats({m, 576}), {data.packed(DType::q4_1, {1000, 576}), Region::weight}}});
    same_on_any_number_of_threads({"matmul", {}, {data.floats({m, 288}), {data.floats({288, 1000}), Region::weight}}});
  }
  same_on_any_number_of_threads({"conv1d",
                                 attributes({{"stride", std::int64_t{3}}}),
                                 {data.floats({1, 901, 64}), {data.floats({96, 64, 7}), Region::weight}, Operand()}});
  same_on_any_number_of_threads(
      {"group_norm", attributes({{"groups", std::int64_t{1}}}), {data.floats({1, 1999, 288}), Operand(), Operand()}});
  same_on_any_number_of_threads({"layer_norm", {}, {data.floats({457, 288}), Operand(), Operand()}});
  std::vector<Operand> batch{data.floats({1, 457, 4, 36}), data.floats({1, 457, 4, 36}), data.floats({1, 457, 4, 36})};
  batch.resize(8);
  same_on_any_number_of_threads({"attention", {}, std::move(batch)});
  std::vector<Operand> kept{data.floats({2, 8, 36}),
                            {data.floats({2, 457, 8, 36}), Region::kept},
                            {data.floats({2, 457, 8, 36}), Region::kept},
                            Operand(),
                            integers({1, 0}),
                            Operand(),
                            integers({457, 300})};
  kept.resize(8);
  same_on_any_number_of_threads({"attention", {}, std::move(kept)});
  same_on_any_number_of_threads({"reduce",
                                 attributes({{"fn", std::string("sum")}, {"axis", std::int64_t{1}}}),
                                 {data.floats({2, 3001, 300}), Operand()}});
}

}  // namespace motet::tests::ops
