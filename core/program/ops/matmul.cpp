// y = a b: a f32[..., M, K]; b [K, N], or [N, K] where transpose_b, or [..., K, N] with leading dimensions that
// broadcast. A weight [N, K] with transpose_b may also be f16, bf16 or of a quantised type, read as it is. y f32[...,
// M, N].
#include "program/op_def.hpp"

namespace motet::program::ops {
namespace {

std::vector<TensorType> infer(const OpCall& call) {
  const Shape& a = call.shape(0);
  const Shape& b = call.shape(1);
  const bool transpose_b = call.attributes.integer("transpose_b") != 0;
  expect_f32(call, 0, "a");
  expect(a.rank() >= 1 && b.rank() >= 2,
         "a must have 1 or more and b 2 or more dimensions, are " + a.text() + " and " + b.text());
  const DType weight = call.type(1).dtype;
  expect(weight == DType::f32 || (transpose_b && b.rank() == 2 &&
                                  (weight == DType::f16 || weight == DType::bf16 || tensor::is_quantised(weight))),
         "b is " + call.type(1).text() + ": other types than f32 are taken as a weight [N, K] with transpose_b");
  const std::int64_t depth = b[transpose_b ? -1 : -2];
  expect(a[-1] == depth, "the last dimension of a is " + std::to_string(a[-1]) + ", b " + b.text() +
                             (transpose_b ? " transposed" : "") + " wants " + std::to_string(depth));
  const std::int64_t columns = b[transpose_b ? -2 : -1];
  Shape out;
  if (b.rank() == 2) {
    for (int axis = 0; axis + 1 < a.rank(); ++axis) out.push_back(a[axis]);
  } else {
    expect(a.rank() >= 2, "a batched b " + b.text() + " wants a of 2 or more dimensions");
    const Shape leading = broadcast(Shape(a.sizes().first(static_cast<std::size_t>(a.rank() - 2))),
                                    Shape(b.sizes().first(static_cast<std::size_t>(b.rank() - 2))));
    for (std::int64_t size : leading) out.push_back(size);
    out.push_back(a[-2]);
  }
  out.push_back(columns);
  return {{DType::f32, out}};
}
}  // namespace

extern const OpDef matmul;
const OpDef matmul{"matmul", "y = a b", {{"a"}, {"b"}}, {"y"}, {{"transpose_b", AttributeKind::integer}}, infer};
}  // namespace motet::program::ops
