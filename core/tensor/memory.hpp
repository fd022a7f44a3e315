// Where a tensor's bytes may lie other than in the heap: in memory that several processes share.
#pragma once

#include <cstddef>

namespace motet::tensor {

class HostTensor;
struct TensorType;

// Lends bytes to tensors.
class Memory {
 public:
  // The bytes of a tensor that is gone. [any thread]
  virtual void give_back(std::byte* data) noexcept = 0;

 protected:
  ~Memory() = default;
};

// Makes tensors in memory of its kind.
class Allocator {
 public:
  // Its contents are zero. Throws std::bad_alloc. [any thread]
  virtual HostTensor allocate(const TensorType& type) = 0;

 protected:
  ~Allocator() = default;
};

}  // namespace motet::tensor
