#include "program/program.hpp"

#include "support/catch.hpp"

using namespace motet::program;

namespace {

TensorType f32(Shape s) { return {DType::f32, s}; }
TensorType i32(Shape s) { return {DType::i32, s}; }

// Types of an operation's outputs for operands of these types.
std::vector<TensorType> infer(const char* name, std::vector<TensorType> operands, Attributes given = {}) {
  const OpDef& def = *find_op(name);
  std::vector<const TensorType*> pointers;
  for (const TensorType& type : operands) pointers.push_back(type.dtype == DType::none ? nullptr : &type);
  while (pointers.size() < def.inputs.size()) pointers.push_back(nullptr);
  return def.output_types(pointers, def.complete(given));
}

std::string refusal(const char* name, std::vector<TensorType> operands, Attributes given = {}) {
  try {
    infer(name, std::move(operands), std::move(given));
  } catch (const OpError& error) {
    return error.what();
  }
  return "";
}

Attributes with(std::string key, Attribute value) {
  Attributes a;
  a.set(key, std::move(value));
  return a;
}

const TensorType kAbsent{};

}  // namespace

TEST_CASE("every operation has a name of its own, outputs and a shape rule") {
  std::vector<std::string_view> names;
  for (const OpDef* op : all_ops()) {
    CHECK_FALSE(op->summary.empty());
    CHECK(op->infer != nullptr);
    for (std::string_view other : names) CHECK(other != op->name);
    names.push_back(op->name);
    CHECK(find_op(op->name) == op);
  }
  CHECK(names.size() >= 29);
  CHECK(find_op("no_such_op") == nullptr);
}

TEST_CASE("matmul's shapes") {
  CHECK(infer("matmul", {f32({2, 3, 8}), f32({8, 5})}).front() == f32({2, 3, 5}));
  CHECK(infer("matmul", {f32({8}), f32({8, 5})}).front() == f32({5}));
  CHECK(infer("matmul", {f32({7, 1, 3, 8}), f32({2, 8, 5})}).front() == f32({7, 2, 3, 5}));
  CHECK(infer("matmul", {f32({3, 64}), {DType::q4_1, {5, 64}}}, with("transpose_b", std::int64_t{1})).front() ==
        f32({3, 5}));
  CHECK(refusal("matmul", {f32({2, 8}), f32({7, 5})}) == "the last dimension of a is 8, b [7, 5] wants 7");
  CHECK(refusal("matmul", {f32({3, 64}), {DType::q4_1, {64, 64}}}) != "");
}

TEST_CASE("attention tells its three forms apart") {
  const TensorType q = f32({2, 5, 8, 4});
  CHECK(infer("attention", {q, f32({2, 7, 2, 4}), f32({2, 7, 2, 4})}).front() == q);
  const TensorType flat = f32({3, 8, 4});
  const TensorType state = f32({2, 1, 2, 16, 4});
  CHECK(infer("attention", {flat, f32({3, 2, 4}), f32({3, 2, 4}), state, i32({3}), i32({3})}).front() == flat);
  CHECK(
      infer("attention", {flat, f32({1, 9, 2, 4}), f32({1, 9, 2, 4}), kAbsent, i32({3}), kAbsent, i32({1})}).front() ==
      flat);
  CHECK(refusal("attention", {flat, f32({3, 2, 4}), f32({3, 2, 4}), state, i32({3})}) != "");
  CHECK(refusal("attention", {flat, f32({3, 3, 4}), f32({3, 3, 4}), f32({2, 1, 3, 16, 4}), i32({3}), i32({3})}) ==
        "8 query heads are no multiple of 3 key heads");
  for (const std::int64_t window : {std::int64_t{-1}, (std::int64_t{1} << 31) - 1}) {
    CHECK(refusal("attention", {q, f32({2, 7, 2, 4}), f32({2, 7, 2, 4})}, with("window", window)) ==
          "window must be 0 (none) to 2^30");
  }
}

TEST_CASE("conv1d's length, and what is too short for it") {
  Attributes stride = with("stride", std::int64_t{64});
  CHECK(infer("conv1d", {f32({1, 176000, 1}), f32({288, 1, 127})}, stride).front() == f32({1, 2749, 288}));
  CHECK(refusal("conv1d", {f32({1, 126, 1}), f32({288, 1, 127})}, stride) ==
        "x has 126 positions, the kernel needs 127 or more");
  CHECK(refusal("conv1d", {f32({1, 9, 1}), f32({1, 1, 1})}, with("padding", std::int64_t{1} << 62)) ==
        "size, stride and dilation must be 1 to 32768, padding 0 to 32768");
}

TEST_CASE("attributes are checked: missing, unknown, of another kind, no choice") {
  CHECK(refusal("unary", {f32({2})}) == "unary: attribute fn is missing");
  CHECK(refusal("unary", {f32({2})}, with("fn", std::string("foo"))).find("'foo', wanted one of neg, abs") !=
        std::string::npos);
  CHECK(refusal("softmax", {f32({2})}, with("axis", std::int64_t{0})) == "softmax: no attribute axis");
  CHECK(refusal("layer_norm", {f32({2})}, with("eps", std::string("x"))) ==
        "layer_norm: attribute eps must be a number");
  CHECK(infer("layer_norm", {f32({2})}, with("eps", std::int64_t{1})).size() == 1);  // an integer is a number
}

TEST_CASE("shape rules of the moving operations") {
  CHECK(infer("reshape", {f32({4, 6})}, with("shape", std::vector<std::int64_t>{2, -1, 3})).front() == f32({2, 4, 3}));
  CHECK(refusal("reshape", {f32({4, 6})}, with("shape", std::vector<std::int64_t>{5, -1})) != "");
  CHECK(refusal("reshape", {f32({4, 6})}, with("shape", std::vector<std::int64_t>{-1, -1})) ==
        "only one size may be -1");
  CHECK(infer("transpose", {f32({4, 6, 2})}, with("permutation", std::vector<std::int64_t>{2, 0, 1})).front() ==
        f32({2, 4, 6}));
  CHECK(refusal("transpose", {f32({4, 6})}, with("permutation", std::vector<std::int64_t>{0, 0})) != "");
  CHECK(infer("concat", {f32({4, 6}), f32({4, 1})}, with("axis", std::int64_t{-1})).front() == f32({4, 7}));
  CHECK(refusal("concat", {f32({4, 6}), f32({3, 1})}, with("axis", std::int64_t{1})) != "");
  CHECK(infer("binary", {f32({4, 1, 6}), f32({5, 1})}, with("fn", std::string("add"))).front() == f32({4, 5, 6}));
}

TEST_CASE("a program prints as it reads, and sheds what nothing uses") {
  Program p;
  p.name = "demo";
  const ValueId x = p.add_input("x", f32({2, 3}));
  p.emit(*find_op("softmax"), {x}, {}, "unused");
  const ValueId y = p.emit(*find_op("unary"), {x}, with("fn", std::string("gelu")), "mlp").front();
  p.results.push_back({"y", y});
  const Program lean = without_dead_ops(p);
  REQUIRE(lean.ops.size() == 1);
  CHECK(lean.inputs.size() == 1);
  CHECK(text(lean) ==
        "program demo\n"
        "  %1     input x                                                    f32[2, 3]\n"
        "  %2     unary %1 {fn gelu}                                         f32[2, 3]  # mlp\n"
        "  result y %2\n");
}

TEST_CASE("what writes a state or a kept value stays, though nothing reads its output") {
  Program p;
  const ValueId q = p.add_input("q", f32({1, 2, 4}));
  const ValueId row = p.add_input("row", i32({1}));
  const ValueId state = p.add_leaf(Leaf::state, 0, "s", f32({2, 1, 2, 8, 4}));
  p.emit(*find_op("attention"), {q, q, q, state, row, row, 0, 0}, {}, "a");
  const ValueId kept = p.add_leaf(Leaf::kept, 0, "k", f32({1, 8, 4}));
  p.emit(*find_op("keep"), {q, row, kept}, {}, "keep");
  CHECK(without_dead_ops(p).ops.size() == 2);
}
