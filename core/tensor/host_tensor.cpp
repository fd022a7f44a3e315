#include "tensor/host_tensor.hpp"

#include <cstring>
#include <new>
#include <utility>

namespace motet::tensor {

HostTensor::HostTensor(TensorType type) : type_(type), size_bytes_(type.size_bytes()) {
  constexpr std::size_t kAlignment = 64;
  const std::size_t rounded = (size_bytes_ + kAlignment - 1) / kAlignment * kAlignment;
  data_.reset(static_cast<std::byte*>(std::aligned_alloc(kAlignment, rounded == 0 ? kAlignment : rounded)));
  if (!data_) throw std::bad_alloc();
  std::memset(data_.get(), 0, size_bytes_);
}

HostTensor::HostTensor(TensorType type, std::byte* data, std::shared_ptr<Memory> memory)
    : type_(type), size_bytes_(type_.size_bytes()), data_(data, Free{std::move(memory)}) {}

}  // namespace motet::tensor
