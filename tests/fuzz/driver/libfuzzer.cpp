// What libFuzzer calls, around the one target that this program is built for (MOTET_FUZZ_TARGET).
#include <cstddef>
#include <cstdint>

#include "fuzz/target.hpp"

namespace motet::fuzz {
Target MOTET_FUZZ_TARGET;
}

// libFuzzer counts only what is loaded before it begins, so plugins must be: a target loads them when it is first
// called.
extern "C" __attribute__((visibility("default"))) int LLVMFuzzerInitialize(int*, char***) {
  motet::fuzz::MOTET_FUZZ_TARGET("");
  return 0;
}

extern "C" __attribute__((visibility("default"))) int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                                                             std::size_t size) {
  motet::fuzz::MOTET_FUZZ_TARGET({reinterpret_cast<const char*>(data), size});
  return 0;
}
