// Which vector instructions the kernels use on this machine.
#pragma once

#include <string_view>

namespace motet::device::cpu::simd {

std::string_view target_name();  // "AVX3", "AVX2"

}  // namespace motet::device::cpu::simd
