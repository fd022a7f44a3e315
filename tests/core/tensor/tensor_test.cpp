#include <cstdint>

#include "support/catch.hpp"
#include "tensor/dtype.hpp"
#include "tensor/host_tensor.hpp"
#include "tensor/shape.hpp"

using namespace motet::tensor;

TEST_CASE("types have names, sizes and numbers that never change") {
  struct Expected {
    DType dtype;
    std::uint32_t number;
    const char* name;
    std::size_t bytes_of_256;
  };
  for (const Expected& e : {Expected{DType::f32, 1, "f32", 1024}, Expected{DType::f16, 2, "f16", 512},
                            Expected{DType::bf16, 3, "bf16", 512}, Expected{DType::i32, 4, "i32", 1024},
                            Expected{DType::i64, 5, "i64", 2048}, Expected{DType::u8, 6, "u8", 256},
                            Expected{DType::boolean, 7, "bool", 256}, Expected{DType::q8_0, 32, "q8_0", 272},
                            Expected{DType::q4_0, 33, "q4_0", 144}, Expected{DType::q4_1, 34, "q4_1", 160},
                            Expected{DType::q5_0, 35, "q5_0", 176}, Expected{DType::q5_1, 36, "q5_1", 192},
                            Expected{DType::q4_K, 37, "q4_K", 144}, Expected{DType::q5_K, 38, "q5_K", 176},
                            Expected{DType::q6_K, 39, "q6_K", 210}}) {
    INFO(e.name);
    CHECK(static_cast<std::uint32_t>(e.dtype) == e.number);
    CHECK(name(e.dtype) == e.name);
    CHECK(parse_dtype(e.name) == e.dtype);
    CHECK(size_bytes(e.dtype, 256) == e.bytes_of_256);
    CHECK(is_quantised(e.dtype) == (e.number >= 32));
  }
  CHECK_FALSE(parse_dtype("none"));
  CHECK_FALSE(parse_dtype("F32"));
  CHECK(size_bytes(DType::none, 5) == 0);
}

TEST_CASE("shapes") {
  const Shape shape{2, 3, 5};
  CHECK(shape.rank() == 3);
  CHECK(shape[0] == 2);
  CHECK(shape[-1] == 5);
  CHECK(shape.elements() == 30);
  CHECK(shape.text() == "[2, 3, 5]");
  CHECK(Shape().elements() == 1);
  CHECK(Shape().text() == "[]");
  CHECK(Shape{4, 0}.elements() == 0);
  CHECK(shape == Shape{2, 3, 5});
  CHECK_FALSE(shape == Shape{2, 3});
  CHECK_FALSE(shape == Shape{2, 3, 6});
  const auto strides = row_major_strides(shape);
  CHECK(strides[0] == 15);
  CHECK(strides[1] == 5);
  CHECK(strides[2] == 1);
}

TEST_CASE("host tensors are aligned, zero, and as large as they say") {
  for (std::int64_t n : {0, 1, 7, 64, 1000}) {
    HostTensor t(DType::f32, Shape{n, 3});
    CHECK(t.size_bytes() == static_cast<std::size_t>(n) * 12);
    CHECK(reinterpret_cast<std::uintptr_t>(t.data()) % 64 == 0);
    CHECK(t.as<float>().size() == static_cast<std::size_t>(n) * 3);
    for (float& x : t.as<float>()) {
      CHECK(x == 0.0f);
      x = 1.0f;
    }
  }
  CHECK(HostTensor(DType::q4_1, Shape{2, 64}).size_bytes() == 80);
  CHECK(HostTensor(DType::i32, Shape{1, 288}).type().text() == "i32[1, 288]");
  HostTensor a(DType::u8, Shape{4});
  a.as<std::uint8_t>()[3] = 9;
  const HostTensor b = std::move(a);
  CHECK(b.as<std::uint8_t>()[3] == 9);
}
