#include "lower/custom_op.hpp"

#include <cmath>
#include <limits>

#include "base/error.hpp"

namespace motet::lower {
namespace {

using plugin::AttributeInfo;
using plugin::OperandInfo;

// What the plugin itself refuses reads like a built-in operation's refusal.
template <class Body>
auto refusing(Body&& body) {
  try {
    return body();
  } catch (const base::Error& error) {
    if (error.kind() == base::ErrorKind::plugin) throw;
    throw program::OpError(error.what());
  }
}

std::vector<host::OperationOperand> operands(const program::OpCall& call) {
  std::vector<host::OperationOperand> out;
  for (const program::TensorType* type : call.inputs) out.push_back({type, nullptr});
  return out;
}

class Use final : public program::CustomUse {
 public:
  Use(const host::Operation& operation, std::span<const host::OperationOperand> inputs,
      std::span<const program::TensorType> outputs, std::vector<motet_attribute> attributes)
      : use_(operation, inputs, outputs, std::move(attributes)) {}
  void compute(std::size_t output, std::int64_t begin, std::int64_t end, std::byte* to) const override {
    use_.compute(output, begin, end, to);
  }

 private:
  host::OperationUse use_;
};

}  // namespace

CustomOp::CustomOp(std::shared_ptr<const host::Operation> operation) : operation_(std::move(operation)) {
  const plugin::OperationInfo& info = operation_->info();
  def_.name = info.id;
  def_.summary = info.summary;
  def_.infer = nullptr;
  def_.custom = this;
  for (const OperandInfo& operand : info.inputs) {
    def_.inputs.push_back({operand.name, operand.optional});
    inputs_.push_back({operand.name, operand.dtype});
  }
  for (const OperandInfo& operand : info.outputs) {
    def_.outputs.push_back(operand.name);
    outputs_.push_back({operand.name, operand.dtype});
  }
  for (const AttributeInfo& attribute : info.attributes) {
    const bool integer = attribute.kind == MOTET_ATTRIBUTE_INTEGER;
    program::AttributeDef def;
    def.name = attribute.name;
    def.kind = integer ? program::AttributeKind::integer : program::AttributeKind::number;
    def.required = attribute.required;
    def.otherwise = integer ? program::Attribute(static_cast<std::int64_t>(attribute.otherwise))
                            : program::Attribute(attribute.otherwise);
    def_.attributes.push_back(std::move(def));
  }
}

std::shared_ptr<const program::OpDef> CustomOp::make(std::shared_ptr<const host::Operation> operation) {
  auto made = std::make_shared<const CustomOp>(std::move(operation));
  const program::OpDef* def = &made->def_;
  return {std::move(made), def};
}

void CustomOp::check_operands(const program::OpCall& call) const {
  for (std::size_t i = 0; i < call.inputs.size(); ++i) {
    if (!call.has(i)) continue;
    const OperandInfo& declared = operation_->info().inputs[i];
    program::expect(call.type(i).dtype == declared.dtype, declared.name + " must be " +
                                                              std::string(tensor::name(declared.dtype)) + ", is " +
                                                              std::string(tensor::name(call.type(i).dtype)));
  }
}

void CustomOp::check_attributes(const program::Attributes& attributes) const {
  for (const AttributeInfo& declared : operation_->info().attributes) {
    const program::Attribute& given = *attributes.find(declared.name);
    const bool integer = declared.kind == MOTET_ATTRIBUTE_INTEGER;
    const double value = integer ? static_cast<double>(std::get<std::int64_t>(given)) : std::get<double>(given);
    const std::string is = "attribute " + declared.name + " is " + program::text(given);
    program::expect(std::isfinite(value), is);
    program::expect(value >= declared.minimum, is + ", at least " + program::text(declared.minimum) + " is wanted");
    program::expect(value <= declared.maximum, is + ", at most " + program::text(declared.maximum) + " is wanted");
    // A shader has 32 bits for either.
    const double most =
        integer ? double{std::numeric_limits<std::int32_t>::max()} : double{std::numeric_limits<float>::max()};
    program::expect(std::abs(value) <= most, is + ", which does not fit into 32 bits");
  }
}

std::vector<motet_attribute> CustomOp::abi(const program::Attributes& attributes) const {
  std::vector<motet_attribute> out;
  for (const AttributeInfo& declared : operation_->info().attributes) {
    const program::Attribute& given = *attributes.find(declared.name);
    motet_attribute one{declared.name.c_str(), declared.kind, 0, 0, 0, nullptr, nullptr};
    if (const auto* integer = std::get_if<std::int64_t>(&given)) {
      one.integer = *integer;
      one.number = static_cast<double>(*integer);
    } else {
      one.number = std::get<double>(given);
    }
    out.push_back(one);
  }
  return out;
}

std::vector<program::TensorType> CustomOp::infer(const program::OpCall& call) const {
  check_operands(call);
  check_attributes(call.attributes);
  return refusing([&] {
    std::vector<program::TensorType> out =
        host::OperationUse(*operation_, operands(call), {}, abi(call.attributes)).infer();
    (void)costs(call, out);  // refuses what takes too long
    return out;
  });
}

std::vector<std::int64_t> CustomOp::costs(const program::OpCall& call,
                                          std::span<const program::TensorType> outputs) const {
  const host::OperationUse use(*operation_, operands(call), outputs, abi(call.attributes));
  std::vector<std::int64_t> out;
  for (std::size_t i = 0; i < outputs.size(); ++i) out.push_back(use.cost(i));
  return out;
}

std::unique_ptr<program::CustomUse> CustomOp::use(std::span<const program::CustomInput> inputs,
                                                  std::span<const program::TensorType> outputs,
                                                  const program::Attributes& attributes) const {
  std::vector<host::OperationOperand> operands;
  for (const program::CustomInput& input : inputs) operands.push_back({input.type, input.data});
  return std::make_unique<Use>(*operation_, operands, outputs, abi(attributes));
}

}  // namespace motet::lower
