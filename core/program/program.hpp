// A flat list of tensor operations in single-assignment form. Pure data: no device, no files, no plugin.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "program/op_def.hpp"

namespace motet::program {

// Index into Program::values; value 0 is reserved and means "absent".
using ValueId = std::uint32_t;

enum class Leaf : std::uint8_t {
  none,    // an operation's output
  input,   // given at each run; Value::index counts the program's inputs
  weight,  // Value::index counts the session's weights
  state,   // as lower/state_spec.hpp lays it out; Value::index counts the island's states
  kept,    // computed once an item, [rows, capacity, ...]; Value::index counts the island's kept values
};

struct Value {
  TensorType type;
  Leaf leaf = Leaf::none;
  std::uint32_t index = 0;
  std::string name;  // of a leaf
};

struct Op {
  const OpDef* def = nullptr;
  std::vector<ValueId> inputs;  // one for each InputDef (more for a variadic one), 0 where absent
  std::vector<ValueId> outputs;
  Attributes attributes;  // complete
  std::string scope;      // stage and place within it: "words/cross_attention.3"
};

struct Result {
  std::string name;
  ValueId value = 0;
};

// Definitions that plugins brought. Shared: programs, and plans made of them, keep those that they name.
using OwnedDefs = std::vector<std::shared_ptr<const OpDef>>;

struct Program {
  std::string name;  // "encoder+words item"
  std::vector<Value> values{Value{}};
  std::vector<Op> ops;
  std::vector<ValueId> inputs;  // leaves, in order of Value::index
  std::vector<Result> results;
  OwnedDefs owned;

  const TensorType& type(ValueId id) const { return values[id].type; }
  ValueId add_input(std::string name, TensorType type);
  ValueId add_leaf(Leaf leaf, std::uint32_t index, std::string name, TensorType type);  // not Leaf::input
  // Checks and infers; returns the outputs. Throws OpError.
  std::vector<ValueId> emit(const OpDef& def, std::vector<ValueId> inputs, const Attributes& given, std::string scope);
};

// A line a value: "%9  attention %6, %7, %8 {causal 0}  f32[1, 288]".
std::string text(const Program& program);

// Removes operations whose outputs nothing uses (keep and operations on states stay) and leaves that none reads.
Program without_dead_ops(const Program& program);

}  // namespace motet::program
