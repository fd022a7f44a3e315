#include "device/vulkan/epilogues.hpp"
#include "device/vulkan/kernel.hpp"
#include "device/vulkan/matmul_dispatch.hpp"
#include "device/vulkan/strided.hpp"

namespace motet::device::vulkan::ops {
namespace {

// Where each batch of a product begins, with leading dimensions that broadcast.
std::vector<Product::Offsets> batches_of(const tensor::Shape& a, const tensor::Shape& b, const tensor::Shape& y) {
  std::vector<Product::Offsets> batches{{}};
  const auto a_strides = tensor::row_major_strides(a);
  const auto b_strides = tensor::row_major_strides(b);
  const auto y_strides = tensor::row_major_strides(y);
  for (int d = 0; d < y.rank() - 2; ++d) {
    const auto stride = [&](const tensor::Shape& shape, const auto& strides) {
      const int at = d - (y.rank() - shape.rank());
      return at < 0 || shape[at] == 1 ? 0u : static_cast<std::uint32_t>(strides[static_cast<std::size_t>(at)]);
    };
    const Product::Offsets step{stride(a, a_strides), stride(b, b_strides),
                                static_cast<std::uint32_t>(y_strides[static_cast<std::size_t>(d)])};
    std::vector<Product::Offsets> more;
    for (const Product::Offsets& from : batches) {
      for (std::uint32_t j = 0; j < static_cast<std::uint32_t>(y[d]); ++j) {
        more.push_back({from.a + j * step.a, from.b + j * step.b, from.y + j * step.y});
      }
    }
    batches = std::move(more);
  }
  return batches;
}

void record(KernelCall& call) {
  const tensor::Shape& a = call.input_shape(0);
  const tensor::Shape& b = call.input_shape(1);
  Product product;
  product.a = call.input(0);
  product.b = call.input(1);
  product.weight = call.input_type(1).dtype;
  product.depth_first = call.attributes().integer("transpose_b") == 0;
  product.depth = product.a_stride = last(a);
  product.y = call.output();
  product.b_stride = last(b);
  product.columns = product.y_stride = static_cast<std::uint64_t>(b[product.depth_first ? -1 : -2]);
  if (count(call.output_shape()) == 0) return;
  if (b.rank() == 2) {
    product.rows = count(call.output_shape()) / product.columns;
  } else {
    product.rows = static_cast<std::uint64_t>(a[-2]);
    product.batches = batches_of(a, b, call.output_shape());
  }
  if (b.rank() != 2 || product.depth_first) return add_product(call, product);
  for (const RowsPart& part : call.rows_of(1)) {
    product.b = part.operand;
    product.first_column = part.first;
    product.columns = part.count;
    product.batches[0].y = static_cast<std::uint32_t>(part.first);
    add_product(call, product);
  }
}
}  // namespace

extern const KernelDef matmul;
const KernelDef matmul{"matmul", record, true};
}  // namespace motet::device::vulkan::ops
