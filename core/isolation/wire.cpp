#include "isolation/wire.hpp"

#include <algorithm>

namespace motet::isolation {

void Writer::raw(const void* data, std::size_t size_bytes) {
  if (size_bytes > capacity_ - size_) {
    const std::size_t wanted = std::max({2 * capacity_, size_ + size_bytes, std::size_t{1024}});
    std::byte* larger = arena_.take(wanted);
    if (block_ != nullptr) {
      std::memcpy(larger, block_, size_);
      arena_.give_back(block_);
    }
    block_ = larger;
    capacity_ = wanted;
  }
  if (size_bytes > 0) std::memcpy(block_ + size_, data, size_bytes);
  size_ += size_bytes;
}

}  // namespace motet::isolation
