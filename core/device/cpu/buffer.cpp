#include "device/cpu/buffer.hpp"

#include <sys/mman.h>

#include <cstdlib>
#include <cstring>
#include <utility>

#include "base/error.hpp"

namespace motet::device::cpu {
namespace {

constexpr std::uint64_t kAlignment = 64;
constexpr std::uint64_t kMapFrom = 1 << 18;  // bytes; below, the heap wastes less

[[noreturn]] void out_of_memory(std::uint64_t size_bytes) {
  base::fail(base::ErrorKind::environment,
             "not enough memory for a buffer of " + std::to_string(size_bytes >> 20) + " MiB on the cpu device",
             "use a smaller model, fewer rows or a shorter input");
}

}  // namespace

Memory::Memory(std::uint64_t size_bytes) : size_bytes_(size_bytes), mapped_(size_bytes >= kMapFrom) {
  if (size_bytes == 0) return;
  if (size_bytes > (std::uint64_t{1} << 46)) out_of_memory(size_bytes);
  if (mapped_) {
    void* at = mmap(nullptr, size_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) out_of_memory(size_bytes);
    data_ = static_cast<std::byte*>(at);
    return;
  }
  const std::uint64_t rounded = (size_bytes + kAlignment - 1) / kAlignment * kAlignment;
  data_ = static_cast<std::byte*>(std::aligned_alloc(kAlignment, rounded));
  if (data_ == nullptr) out_of_memory(size_bytes);
  std::memset(data_, 0, rounded);
}

Memory::Memory(Memory&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      size_bytes_(std::exchange(other.size_bytes_, 0)),
      mapped_(other.mapped_) {}

Memory& Memory::operator=(Memory&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_bytes_, other.size_bytes_);
  std::swap(mapped_, other.mapped_);
  return *this;
}

Memory::~Memory() {
  if (data_ == nullptr) return;
  if (mapped_) {
    munmap(data_, size_bytes_);
  } else {
    std::free(data_);
  }
}

CpuBuffer::CpuBuffer(std::uint64_t size_bytes) : Buffer(size_bytes), memory_(size_bytes), data_(memory_.data()) {}

CpuBuffer::CpuBuffer(std::span<const std::byte> in_place)
    : Buffer(in_place.size()), data_(const_cast<std::byte*>(in_place.data())), constant_(true) {}

}  // namespace motet::device::cpu
