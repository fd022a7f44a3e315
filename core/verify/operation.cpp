#include "verify/operation.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "host/operation.hpp"
#include "lower/custom_op.hpp"
#include "plan/plan.hpp"
#include "verify/trial.hpp"

namespace motet::verify {
namespace {

using tensor::DType;
using tensor::HostTensor;
using tensor::Shape;
using tensor::TensorType;

// Shapes of first operands: what a rule for two dimensions does with one or four is part of what is tried.
const Shape kFirst[] = {{7},    {1},    {0},      {257},     {3, 7},    {1, 1},    {5, 1},      {1, 5},
                        {0, 7}, {4, 0}, {13, 31}, {2, 3, 7}, {1, 1, 1}, {2, 5, 4}, {2, 2, 3, 5}};
constexpr int kAttempts = 12;        // at operands and attributes that suit a shape of the first operand
constexpr std::size_t kOfShape = 2;  // so many cases of one
constexpr std::int64_t kMostElements = 1 << 14;

// How another operand's shape may follow from the first one's.
Shape related(const Shape& first, Random& random) {
  const std::span<const std::int64_t> sizes = first.sizes();
  switch (random.between(0, 7)) {
    case 0:
      return {1};
    case 1:
      return {first[-1]};
    case 2:
      return {first[0]};
    case 3:
      return Shape(sizes.first(std::max<std::size_t>(sizes.size() - 1, 1)));
    case 4:
      return {5, first[-1]};
    case 5:
      return {first[-1], 5};
    default:
      return first;  // most often
  }
}

HostTensor filled(const TensorType& type, Elements elements, Random& random) {
  HostTensor out(type);
  const float one = random.between(0, 1) == 0 ? 0.0F : random.number();
  const auto whole = static_cast<std::int32_t>(random.between(0, 3));
  if (type.dtype == DType::i32) {
    for (std::int32_t& x : out.as<std::int32_t>())
      x = elements == Elements::equal ? whole : static_cast<std::int32_t>(random.between(0, 3));
  } else {
    for (float& x : out.as<float>()) x = elements == Elements::equal ? one : random.number();
  }
  return out;
}

}  // namespace

Operation::Operation(const std::filesystem::path& library, const std::string& id) : id_(id) {
  auto operation =
      std::make_shared<const host::Operation>(std::make_shared<const plugin::Library>(library), id, host::Checking::on);
  info_ = operation->info();
  def_ = lower::CustomOp::make(std::move(operation));
}

program::Attributes Operation::attributes(Random& random, bool defaults) const {
  program::Attributes given;
  for (const plugin::AttributeInfo& one : info_.attributes) {
    if (!one.required && defaults) continue;
    // Small: sizes, steps and exponents that are not make tensors of which nobody has enough memory.
    const double least = std::max(one.minimum, std::min(-2.0, one.maximum));
    const double most = std::min(one.maximum, std::max(6.0, least));
    if (one.kind == MOTET_ATTRIBUTE_INTEGER) {
      given.set(one.name, random.between(static_cast<std::int64_t>(std::ceil(least)),
                                         static_cast<std::int64_t>(std::floor(most))));
    } else {
      given.set(one.name, least + (most - least) * random.unit());
    }
  }
  return def_->complete(given);
}

std::vector<TensorType> Operation::operands(const Shape& first, Random& random) const {
  std::vector<TensorType> out;
  for (const plugin::OperandInfo& one : info_.inputs) {
    const bool absent = one.optional && random.between(0, 1) == 0;
    const Shape shape = out.empty() ? first : related(first, random);
    out.push_back(absent ? TensorType{} : TensorType{one.dtype, shape});
  }
  return out;
}

bool Operation::infer(const std::vector<TensorType>& operands, OperationCase& out) const {
  std::vector<const TensorType*> types;
  out.text.clear();
  for (std::size_t i = 0; i < operands.size(); ++i) {
    const bool absent = operands[i].dtype == DType::none;
    types.push_back(absent ? nullptr : &operands[i]);
    out.text += (i == 0 ? "" : ", ") + info_.inputs[i].name + " " + (absent ? "absent" : operands[i].text());
  }
  for (const auto& [key, value] : out.attributes) out.text += ", " + key + " " + program::text(value);
  try {
    out.outputs = def_->output_types(types, out.attributes);
    return true;
  } catch (const program::OpError&) {
    return false;
  }
}

std::vector<OperationCase> Operation::cases(Random& random, Elements elements) const {
  std::vector<OperationCase> out;
  for (const Shape& first : kFirst) {
    std::size_t of_shape = 0;
    for (int attempt = 0; attempt < kAttempts && of_shape < kOfShape; ++attempt) {
      OperationCase one;
      one.attributes = attributes(random, attempt == 0);
      const std::vector<TensorType> types = operands(first, random);
      if (!infer(types, one)) continue;
      const auto large = [](const TensorType& type) { return type.shape.elements() > kMostElements; };
      if (std::ranges::any_of(one.outputs, large)) continue;
      for (const TensorType& type : types)
        one.operands.push_back(type.dtype == DType::none ? HostTensor() : filled(type, elements, random));
      out.push_back(std::move(one));
      ++of_shape;
    }
  }
  if (out.empty()) skip("it refuses all operands that the kit thinks of: what stages do with it is tried with them");
  return out;
}

void Operation::ask_of_large(Random& random) const {
  for (const Shape& first : {Shape{4096}, Shape{1 << 20}, Shape{1, 1 << 20}, Shape{1024, 1024}, Shape{8, 1024, 64}}) {
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
      OperationCase one;
      one.attributes = attributes(random, attempt == 0);
      (void)infer(operands(first, random), one);
    }
  }
}

std::unique_ptr<program::CustomUse> Operation::use(const OperationCase& one) const {
  std::vector<program::CustomInput> inputs;
  for (const HostTensor& operand : one.operands) {
    if (operand.dtype() == DType::none) {
      inputs.emplace_back();
    } else {
      inputs.push_back({&operand.type(), operand.data()});
    }
  }
  return custom().use(inputs, one.outputs, one.attributes);
}

std::vector<HostTensor> Operation::run(const OperationCase& one, device::Device& device) const {
  program::Program program;
  program.name = id_;
  program.owned.push_back(def_);
  std::vector<program::ValueId> inputs;
  for (std::size_t i = 0; i < one.operands.size(); ++i) {
    const HostTensor& operand = one.operands[i];
    inputs.push_back(operand.dtype() == DType::none ? 0 : program.add_input(info_.inputs[i].name, operand.type()));
  }
  for (const program::ValueId output : program.emit(*def_, inputs, one.attributes, "tried"))
    program.results.push_back({"output" + std::to_string(output), output});
  const plan::Plan plan = plan::plan(program, device.traits());
  device::Bindings bindings;
  const std::unique_ptr<device::Buffer> arena = device.allocate(std::max<std::uint64_t>(plan.arena_bytes, 1));
  bindings.arena = arena.get();
  const std::unique_ptr<device::Executable> executable = device.prepare(plan, bindings);
  std::size_t next = 0;
  for (const HostTensor& operand : one.operands) {
    if (operand.dtype() == DType::none) continue;
    std::ranges::copy(operand.bytes(), executable->input(next++).begin());
  }
  executable->run();
  std::vector<HostTensor> out;
  for (std::size_t i = 0; i < one.outputs.size(); ++i) {
    out.emplace_back(one.outputs[i]);
    std::ranges::copy(executable->result(i), out.back().bytes().begin());
  }
  return out;
}

}  // namespace motet::verify
