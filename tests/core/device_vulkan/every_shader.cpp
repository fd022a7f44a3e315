#include "every_shader.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "one_step.hpp"

namespace motet::device::vulkan::tests {
namespace {

using Sizes = std::vector<std::int64_t>;
using Given = std::initializer_list<std::pair<const char*, program::Attribute>>;
using Epilogues = std::vector<std::pair<plan::Epilogue, const HostTensor*>>;

constexpr std::int64_t kYes = 1;

HostTensor of(DType dtype, const Shape& shape) { return HostTensor(dtype, shape); }
HostTensor floats(const Shape& shape) { return of(DType::f32, shape); }
HostTensor ints(const Shape& shape) { return of(DType::i32, shape); }

void use(Device& device, const char* op, const std::vector<const HostTensor*>& operands, Given given = {},
         Epilogues epilogues = {}) {
  program::Attributes attributes;
  for (const auto& [key, value] : given) attributes.set(key, value);
  static_cast<void>(OneStep(device, op, operands, attributes, std::move(epilogues)));
}

// What an attribute may be, so that a new function is looked at too.
std::vector<std::string> choices(const char* op, std::string_view attribute) {
  for (const program::AttributeDef& known : program::find_op(op)->attributes) {
    if (known.name == attribute) return {known.choices.begin(), known.choices.end()};
  }
  return {};
}

// What a bias and an activation behind a product become.
Epilogues bias_and_gelu(const HostTensor& bias) {
  plan::Epilogue add, gelu;
  add.fn = "add", add.reach = plan::Epilogue::Reach::last_dimension;
  gelu.fn = "gelu";
  return {{add, &bias}, {gelu, nullptr}};
}

void products(Device& device) {
  // Those of vectors, and each size of tile.
  for (const std::int64_t rows : {1, 2, 4, 8, 100, 457, 2048}) {
    const HostTensor a = floats({rows, 576}), wide = floats({rows, 1024});
    for (const DType dtype :
         {DType::f32, DType::f16, DType::bf16, DType::q8_0, DType::q4_0, DType::q4_1, DType::q5_0, DType::q5_1}) {
      const HostTensor b = of(dtype, {1536, 576});
      use(device, "matmul", {&a, &b}, {{"transpose_b", kYes}});
    }
    for (const DType dtype : {DType::q4_K, DType::q5_K, DType::q6_K}) {
      const HostTensor b = of(dtype, {1536, 1024});
      use(device, "matmul", {&wide, &b}, {{"transpose_b", kYes}});
    }
    const HostTensor b = floats({576, 1536}), bias = floats({1536});
    use(device, "matmul", {&a, &b}, {}, bias_and_gelu(bias));
  }
  const HostTensor odd = floats({457, 577}), other = floats({1535, 577});
  use(device, "matmul", {&odd, &other}, {{"transpose_b", kYes}});
}

void attentions(Device& device) {
  const HostTensor q = floats({1, 457, 8, 36}), q64 = floats({1, 512, 12, 64}), bias = floats({8, 457, 457});
  use(device, "attention", {&q, &q, &q});
  use(device, "attention", {&q64, &q64, &q64}, {{"causal", kYes}});
  use(device, "attention", {&q, &q, &q, nullptr, nullptr, nullptr, nullptr, &bias});
  const HostTensor few = floats({1, 2, 8, 64}), all = floats({1, 457, 8, 64}), width = floats({64});
  use(device, "attention", {&few, &all, &all});
  plan::Epilogue twice;
  twice.fn = "mul", twice.reach = plan::Epilogue::Reach::last_dimension;
  use(device, "attention", {&few, &all, &all}, {}, {{twice, &width}});  // no kernel that applies it itself
  const HostTensor token = floats({4, 8, 64}), past = floats({2, 4, 8, 256, 64}), kept = floats({4, 457, 8, 64});
  const HostTensor ids = ints({4}), distances = floats({8, 256});
  use(device, "attention", {&token, &token, &token, &past, &ids, &ids});
  use(device, "attention", {&token, &token, &token, &past, &ids, &ids, nullptr, &distances});
  use(device, "attention", {&token, &token, &token, &past, &ids, &ids}, {{"window", std::int64_t{128}}});
  use(device, "attention", {&token, &kept, &kept, nullptr, &ids, nullptr, &ids});
}

void rows_of_numbers(Device& device) {
  const HostTensor x = floats({1, 457, 288}), w = floats({288}), length = ints({1});
  use(device, "layer_norm", {&x, &w, &w});
  use(device, "rms_norm", {&x, &w});
  for (const std::int64_t groups : {1, 32}) use(device, "group_norm", {&x, &w, &w}, {{"groups", groups}});
  use(device, "l2_normalize", {&x});
  use(device, "softmax", {&x});
  use(device, "argmax", {&x});
  use(device, "top_k", {&x}, {{"k", std::int64_t{40}}});
  for (const std::string& fn : choices("reduce", "fn")) {
    use(device, "reduce", {&x, &length}, {{"fn", fn}, {"axis", kYes}});
    use(device, "reduce", {&x}, {{"fn", fn}, {"axis", std::int64_t{2}}});
  }
}

void convolutions(Device& device) {
  const HostTensor x = floats({1, 457, 288}), kernel = floats({288, 288, 3}), grouped = floats({288, 1, 3});
  use(device, "conv1d", {&x, &kernel}, {{"stride", std::int64_t{2}}});
  use(device, "conv1d", {&x, &kernel}, {{"padding", kYes}});
  use(device, "conv1d", {&x, &grouped}, {{"padding", kYes}, {"groups", std::int64_t{288}}});
  const HostTensor picture = floats({1, 56, 56, 64}), filters = floats({64, 64, 3, 3}), channels = floats({64}),
                   pointwise = floats({256, 64, 1, 1}), depthwise = floats({64, 1, 3, 3});
  use(device, "conv2d", {&picture, &filters, &channels}, {{"padding", Sizes{1}}});
  use(device, "conv2d", {&picture, &pointwise});
  use(device, "conv2d", {&picture, &depthwise}, {{"padding", Sizes{1}}, {"groups", std::int64_t{64}}});
  for (const std::string& fn : choices("pooling", "fn"))
    use(device, "pooling", {&picture}, {{"fn", fn}, {"size", Sizes{3}}});
  for (const std::string& fn : choices("upsample", "fn"))
    use(device, "upsample", {&picture}, {{"fn", fn}, {"size", Sizes{99, 99}}});
  use(device, "upsample", {&picture},
      {{"fn", std::string("bilinear")}, {"size", Sizes{99, 99}}, {"align_corners", kYes}});
}

// Every function, in chains as planning makes them: each shader with epilogues takes a compiler long.
void chains(Device& device) {
  constexpr std::size_t kSlots = 5, kOperands = 3;
  const HostTensor x = floats({1, 457, 288}), w = floats({288});
  const auto chain = [](const std::vector<std::string>& all, std::size_t at, std::size_t most, const HostTensor* with) {
    Epilogues made;
    for (std::size_t i = at + 1; i < std::min(at + 1 + most, all.size()); ++i) {
      plan::Epilogue next;
      next.fn = all[i], next.reach = plan::Epilogue::Reach::last_dimension;
      made.emplace_back(next, with);
    }
    return made;
  };
  const std::vector<std::string> unary = choices("unary", "fn"), binary = choices("binary", "fn");
  for (std::size_t at = 0; at < unary.size(); at += 1 + kSlots)
    use(device, "unary", {&x}, {{"fn", unary[at]}}, chain(unary, at, kSlots, nullptr));
  for (std::size_t at = 0; at < binary.size(); at += 1 + kOperands)
    use(device, "binary", {&x, &w}, {{"fn", binary[at]}}, chain(binary, at, kOperands, &w));
}

void elements(Device& device) {
  const HostTensor x = floats({1, 457, 288}), w = floats({288}), n = ints({1, 457, 288}), k = ints({288});
  for (const std::string& fn : choices("binary", "fn")) {
    if (fn != "pow") use(device, "binary", {&n, &k}, {{"fn", fn}});
  }
  for (const std::string& fn : choices("compare", "fn")) {
    use(device, "compare", {&x, &w}, {{"fn", fn}});
    use(device, "compare", {&n, &k}, {{"fn", fn}});
  }
  use(device, "select", {&n, &x, &w});
  use(device, "cast", {&x}, {{"dtype", std::string("i32")}});
  use(device, "cast", {&n}, {{"dtype", std::string("f32")}});
  use(device, "pad", {&x}, {{"before", Sizes{0, 1, 2}}, {"after", Sizes{0, 3, 4}}});
  use(device, "fill", {}, {{"shape", Sizes{457, 288}}, {"value", 1.0}});
  use(device, "iota", {}, {{"shape", Sizes{457, 288}}});
  const HostTensor q = floats({1, 457, 8, 36}), position = ints({1, 457});
  use(device, "transpose", {&q}, {{"permutation", Sizes{0, 2, 1, 3}}});
  for (const std::string& layout : choices("rope", "layout")) {
    use(device, "rope", {&q}, {{"dims", std::int64_t{32}}, {"layout", layout}});
    use(device, "rope", {&q, &position}, {{"dims", std::int64_t{32}}, {"layout", layout}});
  }
}

void tables_and_states(Device& device) {
  const HostTensor rows = floats({1000, 576}), four = floats({4, 576}), ids = ints({4});
  use(device, "take_rows", {&rows, &ids});
  use(device, "scatter_add", {&rows, &ids, &four});
  use(device, "state_read", {&rows, &ids, &ids});
  use(device, "state_write", {&rows, &four, &ids});
  const HostTensor items = floats({4, 100, 288}), kept = floats({4, 457, 288});
  use(device, "keep", {&items, &ids, &kept});
  for (const DType dtype : {DType::f32, DType::f16, DType::bf16, DType::q8_0, DType::q4_0, DType::q4_1, DType::q5_0,
                            DType::q5_1, DType::q4_K, DType::q5_K, DType::q6_K}) {
    const HostTensor table = of(dtype, {1000, 512});
    use(device, "embedding", {&table, &ids});
    if (dtype != DType::f32) use(device, "dequantise", {&table});
  }
}

}  // namespace

void use_every_shader(Device& device) {
  products(device);
  attentions(device);
  rows_of_numbers(device);
  convolutions(device);
  chains(device);
  elements(device);
  tables_and_states(device);
}

}  // namespace motet::device::vulkan::tests
