// Element types of tensors, plain and block-quantised.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace motet::tensor {

// The numbers are part of the plugin contract (motet/tensor_spec.h) and never change.
enum class DType : std::uint32_t {
  none = 0,
  f32 = 1,
  f16 = 2,
  bf16 = 3,
  i32 = 4,
  i64 = 5,
  u8 = 6,
  boolean = 7,
  // Blocks of GGUF, 32 elements along the last dimension unless said otherwise (blocks.hpp).
  q8_0 = 32,
  q4_0 = 33,
  q4_1 = 34,
  q5_0 = 35,
  q5_1 = 36,
  q4_K = 37,  // 256 elements
  q5_K = 38,
  q6_K = 39,
};

struct DTypeInfo {
  DType dtype;
  std::string_view name;
  std::int64_t block_elements;  // 1 for plain types
  std::size_t block_bytes;      // bytes of one block
};

const DTypeInfo& info(DType dtype);  // DType::none has 0 bytes
inline std::string_view name(DType dtype) { return info(dtype).name; }
inline bool is_quantised(DType dtype) { return info(dtype).block_elements > 1; }
std::optional<DType> parse_dtype(std::string_view name);

// Bytes of `elements` elements, a whole number of blocks.
std::size_t size_bytes(DType dtype, std::int64_t elements);

}  // namespace motet::tensor
