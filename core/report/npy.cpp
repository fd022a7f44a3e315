#include "report/npy.hpp"

#include <cassert>
#include <cstring>

#include "tensor/blocks.hpp"

namespace motet::report {
namespace {

std::string_view description(tensor::DType dtype) {
  switch (dtype) {
    case tensor::DType::f32:
    case tensor::DType::bf16:
      return "<f4";
    case tensor::DType::f16:
      return "<f2";
    case tensor::DType::i32:
      return "<i4";
    case tensor::DType::i64:
      return "<i8";
    case tensor::DType::u8:
      return "|u1";
    case tensor::DType::boolean:
      return "|b1";
    default:
      return "";
  }
}

std::string header(const tensor::HostTensor& tensor) {
  std::string shape;
  for (std::int64_t size : tensor.shape()) shape += std::to_string(size) + ", ";
  if (tensor.shape().rank() > 1) shape.resize(shape.size() - 2);
  std::string out = "{'descr': '" + std::string(description(tensor.dtype())) + "', 'fortran_order': False, 'shape': (" +
                    shape + "), }";
  constexpr std::size_t kBefore = 10, kAlignment = 64;  // magic, version and length; the format aligns the data
  while ((kBefore + out.size() + 1) % kAlignment != 0) out += ' ';
  return out + '\n';
}

}  // namespace

std::string npy_bytes(const tensor::HostTensor& tensor) {
  assert(!description(tensor.dtype()).empty());
  const std::string head = header(tensor);
  std::string out = "\x93NUMPY";
  out += '\x01';
  out += '\0';
  out += static_cast<char>(head.size() & 0xff);
  out += static_cast<char>(head.size() >> 8);
  out += head;
  if (tensor.dtype() != tensor::DType::bf16) {
    return out.append(reinterpret_cast<const char*>(tensor.data()), tensor.size_bytes());
  }
  for (std::uint16_t brain : tensor.as<std::uint16_t>()) {
    const float value = tensor::from_bf16(brain);
    out.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  return out;
}

}  // namespace motet::report
