// Memory of the cpu device: its own, or bytes of the host used in place, with the packed forms that kernels made of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>

#include "device/device.hpp"

namespace motet::device::cpu {

// Zeroed, 64-byte aligned. Large blocks cost no memory before they are touched.
class Memory {
 public:
  Memory() = default;
  // Throws base::Error(environment) where there is not enough.
  explicit Memory(std::uint64_t size_bytes);
  Memory(Memory&& other) noexcept;
  Memory& operator=(Memory&& other) noexcept;
  ~Memory();

  std::byte* data() const { return data_; }
  std::uint64_t size_bytes() const { return size_bytes_; }

 private:
  std::byte* data_ = nullptr;
  std::uint64_t size_bytes_ = 0;
  bool mapped_ = false;
};

class CpuBuffer : public Buffer {
 public:
  explicit CpuBuffer(std::uint64_t size_bytes);             // own memory
  explicit CpuBuffer(std::span<const std::byte> in_place);  // constant; the bytes outlive the buffer

  std::byte* data() const { return data_; }  // never written through where constant()
  bool constant() const { return constant_; }

  // A form of the contents that some kernel likes better, made by fill(float*) at the first call of this key and
  // shared by all executables. Precondition: constant().
  template <class Fill>
  const float* packed(const std::string& key, std::size_t floats, Fill&& fill) const {
    auto [at, is_new] = packed_.try_emplace(key);
    if (is_new) {
      at->second = Memory(floats * sizeof(float));
      fill(reinterpret_cast<float*>(at->second.data()));
    }
    return reinterpret_cast<const float*>(at->second.data());
  }

 private:
  Memory memory_;
  std::byte* data_ = nullptr;
  bool constant_ = false;
  mutable std::map<std::string, Memory> packed_;
};

}  // namespace motet::device::cpu
