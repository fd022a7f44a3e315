// Writing operations: one method an operation (ops.hpp, generated from the operations' signatures), and what goes
// beside.
//
// A mistake poisons what comes of it; the host keeps the first with its scope, so nothing here need be checked.
#pragma once

#include <motet/abi.h>

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "motet/error.hpp"
#include "motet/ops.hpp"
#include "motet/tensor.hpp"

namespace motet {

// For matmul(x, weight, {.transpose_b = kTransposed}): the weight is [out, in].
inline constexpr std::int64_t kTransposed = 1;

// Leaves its scope when it goes.
class Scope {
 public:
  Scope(motet_builder* builder, const std::string& name) : builder_(builder) {
    builder_->enter_scope(builder_, name.c_str());
  }
  ~Scope() { builder_->leave_scope(builder_); }
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

 private:
  motet_builder* builder_;
};

class Builder : public Ops<Builder> {
 public:
  explicit Builder(motet_builder* table) : table_(table) {}

  // What the typed methods call; also for operations that are newer than this SDK.
  std::vector<Tensor> emit(const char* op, std::span<const Operand> in, std::span<const motet_attribute> attributes,
                           std::size_t n_out) {
    motet_tensor ids[16] = {};
    std::vector<motet_tensor> many;  // concat may take more
    motet_tensor* operands = ids;
    if (in.size() > std::size(ids)) {
      many.resize(in.size());
      operands = many.data();
    }
    for (std::size_t i = 0; i < in.size(); ++i) operands[i] = id_of(in[i]);
    std::vector<motet_tensor> out(n_out);
    table_->emit(table_, op, operands, static_cast<std::uint32_t>(in.size()), attributes.data(),
                 static_cast<std::uint32_t>(attributes.size()), out.data(), static_cast<std::uint32_t>(n_out));
    std::vector<Tensor> made;
    for (const motet_tensor id : out) made.push_back({id});
    return made;
  }
  // Operations that plugins bring (operation.hpp), of this plugin or of another whose stages the pipeline has:
  // g.custom<Fold>({x}, {{"limit", 0.5}}), g.custom("wave.fold/1", {x}, {{"limit", 0.5}}).
  Tensor custom(const char* op, std::initializer_list<Operand> in, std::initializer_list<Attribute> attributes = {}) {
    return custom(op, in, attributes, 1).front();
  }
  std::vector<Tensor> custom(const char* op, std::initializer_list<Operand> in,
                             std::initializer_list<Attribute> attributes, std::size_t n_out) {
    std::vector<motet_attribute> given;
    for (const Attribute& attribute : attributes) given.push_back(attribute.abi);
    return emit(op, {in.begin(), in.size()}, given, n_out);
  }
  template <class Operation>  // a Tensor, or a vector of them where it has several outputs
  auto custom(std::initializer_list<Operand> in, std::initializer_list<Attribute> attributes = {}) {
    if constexpr (Operation::operation.n_outputs == 1) {
      return custom(Operation::operation.id, in, attributes);
    } else {
      return custom(Operation::operation.id, in, attributes, Operation::operation.n_outputs);
    }
  }
  bool has_op(const char* op) const { return table_->has_op(table_, op) != 0; }

  // Numbers only. Poison and absent have no dimensions.
  Spec spec(Operand operand) {
    motet_tensor_spec out{};
    out.struct_size = sizeof out;
    const motet_status status = table_->spec_of(table_, id_of(operand), &out);
    return status == MOTET_OK ? Spec::from(out) : Spec{};
  }
  std::int64_t size(Operand operand, int axis) {
    const Spec found = spec(operand);
    const int rank = found.rank();
    return axis < rank && axis >= -rank ? found[axis].size : 0;
  }

  // By its canonical name; absent where it was optional and is not there.
  Tensor weight(const std::string& canonical) { return {table_->weight(table_, canonical.c_str())}; }
  Tensor weight(const Weight& declared) { return declared ? weight(declared.canonical) : Tensor{}; }

  // `sizes`: {heads, head size} for State::append, {tokens, heads, head size} for State::window, any for
  // State::replace.
  State state(const std::string& name, State::Kind kind, std::initializer_list<std::int64_t> sizes) {
    return {table_->state(table_, name.c_str(), kind, sizes.begin(), static_cast<std::uint32_t>(sizes.size()))};
  }
  Tensor row() { return {table_->row(table_)}; }  // i32[N] of a generator's step
  Tensor length_of(Operand tensor) { return {table_->length_of(table_, id_of(tensor))}; }  // i32[B]; absent: all full

  bool slot_filled(const char* slot) const { return table_->slot_filled(table_, slot) != 0; }
  // Calls the filler's build in the scope "<slot>.<index>".
  Tensor slot(const char* slot, std::int64_t index, std::initializer_list<Operand> in) {
    std::vector<motet_tensor> ids;
    for (const Operand& operand : in) ids.push_back(id_of(operand));
    motet_tensor out = MOTET_POISON;
    table_->slot_build(table_, slot, static_cast<std::uint32_t>(index), ids.data(),
                       static_cast<std::uint32_t>(ids.size()), &out, 1);
    return {out};
  }
  // `otherwise` where the slot is empty.
  Tensor slot_or(const char* name, Tensor otherwise, std::initializer_list<Operand> in) {
    return slot_filled(name) ? slot(name, 0, in) : otherwise;
  }
  Scope scope(const std::string& name) { return Scope(table_, name); }
  void fail(const std::string& message) { table_->fail(table_, message.c_str()); }

  // The families unary and binary by their functions' names.
  Tensor add(Operand a, Operand b) { return binary(a, b, "add"); }
  Tensor sub(Operand a, Operand b) { return binary(a, b, "sub"); }
  Tensor mul(Operand a, Operand b) { return binary(a, b, "mul"); }
  Tensor div(Operand a, Operand b) { return binary(a, b, "div"); }
  Tensor gelu(Operand x) { return unary(x, "gelu"); }
  Tensor gelu_tanh(Operand x) { return unary(x, "gelu_tanh"); }
  Tensor silu(Operand x) { return unary(x, "silu"); }
  Tensor relu(Operand x) { return unary(x, "relu"); }
  Tensor tanh(Operand x) { return unary(x, "tanh"); }
  Tensor sigmoid(Operand x) { return unary(x, "sigmoid"); }
  Tensor scale(Operand x, double factor) { return mul(x, fill({1}, factor)); }
  // y = x W^T + b, W [out, in]; b may be absent.
  Tensor linear(Operand x, Operand weight, Operand bias = {}) {
    const Tensor y = matmul(x, weight, {.transpose_b = kTransposed});
    return bias ? add(y, bias) : y;
  }

  motet_builder* get() const { return table_; }

 private:
  motet_tensor id_of(const Operand& operand) {
    return operand.weight != nullptr ? table_->weight(table_, operand.weight->canonical.c_str()) : operand.id;
  }
  motet_builder* table_;
};

}  // namespace motet
