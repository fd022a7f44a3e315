#include "tensor/dtype.hpp"

#include <array>
#include <cassert>

namespace motet::tensor {
namespace {
constexpr std::array kInfos = {
    DTypeInfo{DType::none, "none", 1, 0},     DTypeInfo{DType::f32, "f32", 1, 4},
    DTypeInfo{DType::f16, "f16", 1, 2},       DTypeInfo{DType::bf16, "bf16", 1, 2},
    DTypeInfo{DType::i32, "i32", 1, 4},       DTypeInfo{DType::i64, "i64", 1, 8},
    DTypeInfo{DType::u8, "u8", 1, 1},         DTypeInfo{DType::boolean, "bool", 1, 1},
    DTypeInfo{DType::q8_0, "q8_0", 32, 34},   DTypeInfo{DType::q4_0, "q4_0", 32, 18},
    DTypeInfo{DType::q4_1, "q4_1", 32, 20},   DTypeInfo{DType::q5_0, "q5_0", 32, 22},
    DTypeInfo{DType::q5_1, "q5_1", 32, 24},   DTypeInfo{DType::q4_K, "q4_K", 256, 144},
    DTypeInfo{DType::q5_K, "q5_K", 256, 176}, DTypeInfo{DType::q6_K, "q6_K", 256, 210},
};
}  // namespace

const DTypeInfo& info(DType dtype) {
  for (const DTypeInfo& candidate : kInfos) {
    if (candidate.dtype == dtype) return candidate;
  }
  return kInfos.front();
}

std::optional<DType> parse_dtype(std::string_view name) {
  for (const DTypeInfo& candidate : kInfos) {
    if (candidate.name == name && candidate.dtype != DType::none) return candidate.dtype;
  }
  return std::nullopt;
}

std::size_t size_bytes(DType dtype, std::int64_t elements) {
  const DTypeInfo& about = info(dtype);
  assert(elements % about.block_elements == 0);
  return static_cast<std::size_t>(elements / about.block_elements) * about.block_bytes;
}

}  // namespace motet::tensor
