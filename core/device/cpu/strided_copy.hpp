// Kernels that only move 32-bit elements.
#pragma once

#include "device/cpu/broadcast.hpp"
#include "device/cpu/kernel.hpp"

namespace motet::device::cpu {

// y (dense, output 0) takes elements of input 0 from `first` on, as `walk` says.
std::unique_ptr<Kernel> make_strided_copy(const Binding& binding, const Broadcast& walk, std::int64_t first = 0);

}  // namespace motet::device::cpu
