// An operation that a plugin brings, as programs and devices know it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "host/operation.hpp"
#include "program/custom.hpp"

namespace motet::lower {

class CustomOp final : public program::Custom {
 public:
  explicit CustomOp(std::shared_ptr<const host::Operation> operation);

  // The definition, which keeps its CustomOp. Shared: see program::OwnedDefs.
  static std::shared_ptr<const program::OpDef> make(std::shared_ptr<const host::Operation> operation);

  std::string_view plugin() const override { return operation_->info().plugin; }
  std::span<const program::CustomOperand> inputs() const override { return inputs_; }
  std::span<const program::CustomOperand> outputs() const override { return outputs_; }
  std::string_view glsl() const override { return operation_->glsl(); }
  std::vector<program::TensorType> infer(const program::OpCall& call) const override;
  std::vector<std::int64_t> costs(const program::OpCall& call,
                                  std::span<const program::TensorType> outputs) const override;
  std::unique_ptr<program::CustomUse> use(std::span<const program::CustomInput> inputs,
                                          std::span<const program::TensorType> outputs,
                                          const program::Attributes& attributes) const override;

 private:
  void check_operands(const program::OpCall& call) const;
  void check_attributes(const program::Attributes& attributes) const;
  // In the order of declaration, as the plugin sees them.
  std::vector<motet_attribute> abi(const program::Attributes& attributes) const;

  std::shared_ptr<const host::Operation> operation_;  // shared: the graph has it too
  std::vector<program::CustomOperand> inputs_, outputs_;
  program::OpDef def_;
};

}  // namespace motet::lower
