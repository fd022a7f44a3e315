// Tensors in NumPy's file format (version 1.0): little-endian, row-major.
#pragma once

#include <string>

#include "tensor/host_tensor.hpp"

namespace motet::report {

// bf16, which NumPy has not, becomes f32. Precondition: not quantised.
std::string npy_bytes(const tensor::HostTensor& tensor);

}  // namespace motet::report
