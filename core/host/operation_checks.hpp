// What is checked of an operation's answers. For operation.cpp.
#pragma once

#include <motet/abi.h>

#include <cstddef>
#include <cstring>
#include <string>
#include <vector>

namespace motet::host {

inline bool same_spec(const motet_tensor_spec& a, const motet_tensor_spec& b) {
  if (a.dtype != b.dtype || a.rank != b.rank) return false;
  for (std::uint32_t d = 0; d < a.rank && d < MOTET_MAX_RANK; ++d) {
    if (a.dims[d].size != b.dims[d].size) return false;
  }
  return true;
}

// Empty where a shape rule's answer is one.
inline std::string fault_of_answer(const motet_tensor_spec& spec, const motet_tensor_spec& asked) {
  if (spec.dtype != asked.dtype) return "has another element type than was declared";
  if (spec.rank > MOTET_MAX_RANK) return "has " + std::to_string(spec.rank) + " dimensions";
  for (std::uint32_t d = 0; d < spec.rank; ++d) {
    if (spec.dims[d].size < 0) return "has a dimension of size " + std::to_string(spec.dims[d].size);
  }
  return {};
}

// Room for elements of four bytes, filled with one byte's value, between fences of it.
class FencedMemory {
 public:
  static constexpr std::size_t kElementBytes = 4;

  FencedMemory(std::size_t elements, unsigned char fill)
      : fill_(static_cast<std::byte>(fill)), bytes_(2 * kFence + elements * kElementBytes, fill_) {}
  std::byte* data() { return bytes_.data() + kFence; }
  std::byte* at(std::size_t element) { return data() + element * kElementBytes; }
  bool untouched(std::size_t element) {
    for (std::size_t i = 0; i < kElementBytes; ++i) {
      if (at(element)[i] != fill_) return false;
    }
    return true;
  }
  bool fence_stands() const {
    for (std::size_t i = 0; i < kFence; ++i) {
      if (bytes_[i] != fill_ || bytes_[bytes_.size() - 1 - i] != fill_) return false;
    }
    return true;
  }

 private:
  static constexpr std::size_t kFence = 256;
  std::byte fill_;
  std::vector<std::byte> bytes_;
};

}  // namespace motet::host
