#include "host/hooks.hpp"

#include <algorithm>

namespace motet::host {

TensorSpec from_abi(const motet_tensor_spec& spec) {
  TensorSpec out;
  out.dtype = static_cast<tensor::DType>(spec.dtype);
  for (std::uint32_t i = 0; i < std::min<std::uint32_t>(spec.rank, MOTET_MAX_RANK); ++i) {
    const motet_dim& dim = spec.dims[i];
    out.shape.push_back(dim.size >= 0 ? tensor::Dim::number(dim.size) : tensor::Dim::of_symbol(dim.symbol));
  }
  return out;
}

motet_tensor_spec to_abi(const TensorSpec& spec) {
  motet_tensor_spec out{};
  out.struct_size = sizeof out;
  out.dtype = static_cast<motet_dtype>(spec.dtype);
  out.rank = static_cast<std::uint32_t>(std::min<std::size_t>(spec.shape.size(), MOTET_MAX_RANK));
  for (std::uint32_t i = 0; i < out.rank; ++i) out.dims[i] = motet_dim{spec.shape[i].size, spec.shape[i].symbol, 0};
  return out;
}

}  // namespace motet::host
