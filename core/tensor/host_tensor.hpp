// A dense tensor in host memory that owns its bytes, or holds them of a memory that lends them: row-major, 64-byte
// aligned.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <span>

#include "tensor/dtype.hpp"
#include "tensor/memory.hpp"
#include "tensor/shape.hpp"

namespace motet::tensor {

struct TensorType {
  DType dtype = DType::none;
  Shape shape;
  std::size_t size_bytes() const { return tensor::size_bytes(dtype, shape.elements()); }
  std::string text() const { return std::string(name(dtype)) + shape.text(); }  // "f32[1, 288]"
  friend bool operator==(const TensorType&, const TensorType&) = default;
};

class HostTensor {
 public:
  HostTensor() = default;
  explicit HostTensor(TensorType type);  // contents are zero
  HostTensor(DType dtype, Shape shape) : HostTensor(TensorType{dtype, shape}) {}
  // Over bytes that lie in `memory`, as many as the type takes, which get them back with the tensor.
  HostTensor(TensorType type, std::byte* data, std::shared_ptr<Memory> memory);

  const TensorType& type() const { return type_; }
  DType dtype() const { return type_.dtype; }
  const Shape& shape() const { return type_.shape; }
  std::size_t size_bytes() const { return size_bytes_; }
  std::byte* data() { return data_.get(); }
  const std::byte* data() const { return data_.get(); }
  // Where the bytes lie; nullptr: in the heap.
  const Memory* memory() const { return data_.get_deleter().memory.get(); }
  std::span<std::byte> bytes() { return {data_.get(), size_bytes_}; }
  std::span<const std::byte> bytes() const { return {data_.get(), size_bytes_}; }

  template <class T>
  std::span<T> as() {
    return {reinterpret_cast<T*>(data_.get()), size_bytes_ / sizeof(T)};
  }
  template <class T>
  std::span<const T> as() const {
    return {reinterpret_cast<const T*>(data_.get()), size_bytes_ / sizeof(T)};
  }

 private:
  struct Free {
    // Shared: tensors outlive whatever they were made for, and their memory must outlive them.
    std::shared_ptr<Memory> memory;
    void operator()(std::byte* data) const {
      if (memory) {
        memory->give_back(data);
      } else {
        std::free(data);
      }
    }
  };
  TensorType type_;
  std::size_t size_bytes_ = 0;
  std::unique_ptr<std::byte[], Free> data_;
};

}  // namespace motet::tensor
