#include "plan/plan.hpp"

#include <random>

#include "base/error.hpp"
#include "plan/layout.hpp"
#include "support/catch.hpp"

using namespace motet;
using program::Program;
using program::ValueId;

namespace {

const program::OpDef& op(const char* name) { return *program::find_op(name); }

ValueId emit(Program& p, const char* name, std::vector<ValueId> in, program::Attributes attributes = {}) {
  const program::OpDef& def = op(name);
  in.resize(std::max(in.size(), def.inputs.size()), 0);
  return p.emit(def, in, attributes, "test").front();
}

program::Attributes fn(const char* name) {
  program::Attributes a;
  a.set("fn", std::string(name));
  return a;
}

program::Attributes transposed() {
  program::Attributes a;
  a.set("transpose_b", std::int64_t{1});
  return a;
}

program::Attributes shape(std::vector<std::int64_t> sizes) {
  program::Attributes a;
  a.set("shape", std::move(sizes));
  return a;
}

tensor::TensorType f32(tensor::Shape s) { return {tensor::DType::f32, s}; }

}  // namespace

TEST_CASE("a chain of elementwise operations joins the matmul before it") {
  Program p;
  p.name = "mlp";
  const ValueId x = p.add_input("x", f32({3, 8}));
  const ValueId w = p.add_leaf(program::Leaf::weight, 0, "w", f32({5, 8}));
  const ValueId b = p.add_leaf(program::Leaf::weight, 1, "b", f32({5}));
  ValueId y = emit(p, "matmul", {x, w}, transposed());
  y = emit(p, "binary", {y, b}, fn("add"));
  y = emit(p, "unary", {y}, fn("gelu"));
  p.results.push_back({"y", y});
  const plan::Plan made = plan::plan(p, plan::Traits{"test"});
  REQUIRE(made.steps.size() == 1);
  const plan::Step& step = made.steps.front();
  REQUIRE(step.epilogues.size() == 2);
  CHECK(step.epilogues[0].fn == "add");
  CHECK(step.epilogues[0].reach == plan::Epilogue::Reach::last_dimension);
  CHECK(made.tensors[step.epilogues[0].operand].name == "b");
  CHECK(step.epilogues[1].fn == "gelu");
  CHECK(step.epilogues[1].operand == 0);
  CHECK(made.tensors[step.outputs[0]].region == plan::Region::result);
  CHECK(made.arena_bytes == 0);
  CHECK(plan::text(made) ==
        "plan mlp: 1 steps, arena 0 B, input 128 B, result 64 B\n"
        "  0  matmul input x, weight w {transpose_b 1} > add weight b > gelu -> result y f32[3, 5]  # test\n");
}

TEST_CASE("a gate joins the later of its two producers, whose other operand is there by then") {
  Program p;
  const ValueId x = p.add_input("x", f32({3, 8}));
  const ValueId w = p.add_leaf(program::Leaf::weight, 0, "w", f32({8, 8}));
  const ValueId gate = emit(p, "unary", {emit(p, "matmul", {x, w})}, fn("silu"));
  const ValueId up = emit(p, "matmul", {x, w});
  p.results.push_back({"y", emit(p, "binary", {gate, up}, fn("mul"))});
  const plan::Plan made = plan::plan(p, plan::Traits{"test"});
  REQUIRE(made.steps.size() == 2);
  CHECK(made.steps[0].epilogues.size() == 1);
  REQUIRE(made.steps[1].epilogues.size() == 1);
  CHECK(made.steps[1].epilogues[0].fn == "mul");
  CHECK(made.steps[1].epilogues[0].operand_first);
  CHECK(made.steps[1].epilogues[0].operand == made.steps[0].outputs[0]);
}

TEST_CASE("a value that is used twice, or is a result, is not fused away") {
  Program p;
  const ValueId x = p.add_input("x", f32({2, 4}));
  const ValueId w = p.add_leaf(program::Leaf::weight, 0, "w", f32({4, 4}));
  const ValueId y = emit(p, "matmul", {x, w});
  const ValueId a = emit(p, "unary", {y}, fn("relu"));
  const ValueId b = emit(p, "softmax", {y});
  p.results.push_back({"a", a});
  p.results.push_back({"b", b});
  const plan::Plan made = plan::plan(p, plan::Traits{"test"});
  CHECK(made.steps.size() == 3);
  for (const plan::Step& step : made.steps) CHECK(step.epilogues.empty());
}

TEST_CASE("traits bound how much is fused") {
  Program p;
  const ValueId x = p.add_input("x", f32({2, 4}));
  ValueId y = emit(p, "rms_norm", {x});
  for (int i = 0; i < 6; ++i) y = emit(p, "unary", {y}, fn("abs"));
  p.results.push_back({"y", y});
  plan::Traits traits{"test"};
  traits.max_epilogues = 2;
  const plan::Plan made = plan::plan(p, traits);
  REQUIRE(made.steps.size() == 3);  // norm + 2, then a unary + 2, then the last one with what is left
  for (const plan::Step& step : made.steps) CHECK(step.epilogues.size() <= 2);
}

TEST_CASE("a reshape is a view of its source's memory") {
  Program p;
  const ValueId x = p.add_input("x", f32({2, 6}));
  const ValueId y = emit(p, "softmax", {x});
  const ValueId v = emit(p, "reshape", {y}, shape({2, 2, 3}));
  p.results.push_back({"z", emit(p, "softmax", {v})});
  const plan::Plan made = plan::plan(p, plan::Traits{"test"});
  REQUIRE(made.steps.size() == 2);
  const plan::Tensor& source = made.tensors[made.steps[0].outputs[0]];
  const plan::Tensor& view = made.tensors[made.steps[1].inputs[0]];
  CHECK(source.region == plan::Region::arena);
  CHECK(view.region == plan::Region::arena);
  CHECK(view.offset == source.offset);
  CHECK(view.type.shape == tensor::Shape{2, 2, 3});
}

TEST_CASE("a result that is an input, or a view of a weight, is copied to where the host reads") {
  Program p;
  const ValueId x = p.add_input("x", f32({4}));
  const ValueId w = p.add_leaf(program::Leaf::weight, 0, "w", f32({2, 3}));
  p.results.push_back({"same", x});
  p.results.push_back({"flat", emit(p, "reshape", {w}, shape({6}))});
  const plan::Plan made = plan::plan(p, plan::Traits{"test"});
  REQUIRE(made.results.size() == 2);
  for (plan::TensorId id : made.results) CHECK(made.tensors[id].region == plan::Region::result);
  CHECK(made.tensors[made.results[0]].offset != made.tensors[made.results[1]].offset);
  CHECK(made.steps.size() == 2);
}

TEST_CASE("two results may be one value") {
  Program p;
  const ValueId x = p.add_input("x", f32({4, 4}));
  const ValueId y = emit(p, "softmax", {x});
  p.results.push_back({"a", y});
  p.results.push_back({"b", emit(p, "reshape", {y}, shape({16}))});
  const plan::Plan made = plan::plan(p, plan::Traits{"test"});
  CHECK(made.steps.size() == 1);
  CHECK(made.tensors[made.results[0]].offset == made.tensors[made.results[1]].offset);
  CHECK(made.result_bytes == 64);
}

TEST_CASE("a tensor that a device cannot bind is an error that names it") {
  Program p;
  const ValueId x = p.add_input("x", f32({1, 1024}));
  const ValueId w = p.add_leaf(program::Leaf::weight, 0, "model.head", f32({1024, 1024}));
  p.results.push_back({"y", emit(p, "matmul", {x, w})});
  plan::Traits traits{"small"};
  traits.max_binding_bytes = 1 << 20;
  try {
    plan::plan(p, traits);
    FAIL("planned");
  } catch (const base::Error& error) {
    CHECK(error.kind() == base::ErrorKind::environment);
    CHECK(std::string(error.what()).find("model.head") != std::string::npos);
  }
}

TEST_CASE("a weight that all its readers take by rows may be larger than what a device binds") {
  plan::Traits traits{"small"};
  traits.max_binding_bytes = 1 << 20;
  for (const bool normalised : {false, true}) {
    Program p;
    const ValueId ids = p.add_input("ids", {tensor::DType::i32, {4}});
    const ValueId w = p.add_leaf(program::Leaf::weight, 0, "model.head", f32({1024, 1024}));
    program::Attributes transposed;
    transposed.set("transpose_b", std::int64_t{1});
    const ValueId x = emit(p, "embedding", {w, ids});
    p.results.push_back({"y", emit(p, "matmul", {x, w}, transposed)});
    if (normalised) p.results.push_back({"z", emit(p, "softmax", {w})});
    if (normalised) {
      CHECK_THROWS_AS(plan::plan(p, traits), base::Error);
    } else {
      CHECK(plan::plan(p, traits).steps.size() == 2);
    }
  }
}

TEST_CASE("blocks that live together never overlap, and dead ones give their room back") {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    std::vector<plan::Block> blocks(1 + random() % 60);
    std::uint64_t sum = 0;
    for (plan::Block& block : blocks) {
      block.size_bytes = random() % 5 == 0 ? 0 : random() % 5000;
      block.first_use = static_cast<std::uint32_t>(random() % 50);
      block.last_use = block.first_use + static_cast<std::uint32_t>(random() % 10);
      sum += (block.size_bytes + 63) / 64 * 64;
    }
    const std::uint64_t total = plan::lay_out(blocks, 64);
    CHECK(total <= sum + 64);
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      const plan::Block& a = blocks[i];
      REQUIRE(a.offset % 64 == 0);
      REQUIRE(a.offset + a.size_bytes <= total);
      for (std::size_t j = 0; j < i; ++j) {
        const plan::Block& b = blocks[j];
        const bool together = a.first_use <= b.last_use && b.first_use <= a.last_use;
        const bool apart = a.offset + a.size_bytes <= b.offset || b.offset + b.size_bytes <= a.offset;
        if (together && a.size_bytes > 0 && b.size_bytes > 0) REQUIRE(apart);
      }
    }
  }
  std::vector<plan::Block> chain;
  for (std::uint32_t i = 0; i < 10; ++i) chain.push_back({640, i, i + 1, 0});
  CHECK(plan::lay_out(chain, 64) == 1280);
}
