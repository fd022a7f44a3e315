#include <filesystem>

#include "device/cpu/kernel.hpp"
#include "ops/harness.hpp"

namespace motet::tests::ops {

TEST_CASE("every operation has a kernel on the cpu and a test here") {
  for (const program::OpDef* op : program::all_ops()) {
    INFO(op->name);
    CHECK(device::cpu::find_kernel(op->name) != nullptr);
    CHECK(std::filesystem::exists(std::filesystem::path(MOTET_SOURCE_DIR) / "tests/ops" /
                                  (std::string(op->name) + "_test.cpp")));
  }
  CHECK(device::cpu::find_kernel("no such operation") == nullptr);
}

}  // namespace motet::tests::ops
