#include "program/program.hpp"

#include <cassert>

namespace motet::program {

ValueId Program::add_input(std::string input_name, TensorType type) {
  const auto id = static_cast<ValueId>(values.size());
  values.push_back({type, Leaf::input, static_cast<std::uint32_t>(inputs.size()), std::move(input_name)});
  inputs.push_back(id);
  return id;
}

ValueId Program::add_leaf(Leaf leaf, std::uint32_t index, std::string leaf_name, TensorType type) {
  assert(leaf != Leaf::input && leaf != Leaf::none);
  const auto id = static_cast<ValueId>(values.size());
  values.push_back({type, leaf, index, std::move(leaf_name)});
  return id;
}

std::vector<ValueId> Program::emit(const OpDef& def, std::vector<ValueId> operands, const Attributes& given,
                                   std::string scope) {
  Attributes complete = def.complete(given);
  std::vector<const TensorType*> types;
  types.reserve(operands.size());
  for (ValueId id : operands) {
    assert(id < values.size());
    types.push_back(id == 0 ? nullptr : &values[id].type);
  }
  std::vector<TensorType> out_types = def.output_types(types, complete);
  Op op{&def, std::move(operands), {}, std::move(complete), std::move(scope)};
  for (TensorType& type : out_types) {
    op.outputs.push_back(static_cast<ValueId>(values.size()));
    values.push_back({type, Leaf::none, 0, {}});
  }
  ops.push_back(std::move(op));
  return ops.back().outputs;
}

namespace {

std::string_view leaf_name(Leaf leaf) {
  switch (leaf) {
    case Leaf::input:
      return "input";
    case Leaf::weight:
      return "weight";
    case Leaf::state:
      return "state";
    case Leaf::kept:
      return "kept";
    case Leaf::none:
      break;
  }
  return "value";
}

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.resize(width, ' ');
  return text + "  ";
}

std::string op_text(const Op& op) {
  std::string line(op.def->name);
  for (std::size_t i = 0; i < op.inputs.size(); ++i) {
    line += i ? ", " : " ";
    line += op.inputs[i] == 0 ? "-" : "%" + std::to_string(op.inputs[i]);
  }
  if (!op.attributes.empty()) {
    line += " {";
    bool first = true;
    for (const auto& [key, value] : op.attributes) {
      line += (first ? "" : ", ") + key + " " + text(value);
      first = false;
    }
    line += "}";
  }
  return line;
}

bool has_effect(const Program& program, const Op& op) {
  if (op.outputs.empty()) return true;
  for (ValueId id : op.inputs) {
    if (id != 0 && program.values[id].leaf == Leaf::state) return true;
  }
  return false;
}

}  // namespace

std::string text(const Program& program) {
  constexpr std::size_t kWidth = 64;
  std::string out = "program " + program.name + "\n";
  for (std::size_t id = 1; id < program.values.size(); ++id) {
    const Value& value = program.values[id];
    if (value.leaf == Leaf::none) continue;
    out += "  " +
           padded(padded("%" + std::to_string(id), 5) + std::string(leaf_name(value.leaf)) + " " + value.name, kWidth) +
           value.type.text() + "\n";
  }
  for (const Op& op : program.ops) {
    std::string ids;
    std::string types;
    for (ValueId id : op.outputs) {
      ids += (ids.empty() ? "%" : ", %") + std::to_string(id);
      types += (types.empty() ? "" : ", ") + program.values[id].type.text();
    }
    out += "  " + padded(padded(ids, 5) + op_text(op), kWidth) + types + (op.scope.empty() ? "" : "  # " + op.scope) +
           "\n";
  }
  for (const Result& result : program.results) {
    out += "  result " + result.name + " %" + std::to_string(result.value) + "\n";
  }
  return out;
}

Program without_dead_ops(const Program& program) {
  std::vector<bool> used(program.values.size(), false);
  for (const Result& result : program.results) used[result.value] = true;
  std::vector<bool> live(program.ops.size(), false);
  for (std::size_t i = program.ops.size(); i-- > 0;) {
    const Op& op = program.ops[i];
    bool wanted = has_effect(program, op);
    for (ValueId id : op.outputs) wanted = wanted || used[id];
    if (!wanted) continue;
    live[i] = true;
    for (ValueId id : op.inputs) used[id] = true;
  }
  // Inputs keep their places, since who runs the program fills them by number.
  Program out;
  out.name = program.name;
  out.owned = program.owned;
  std::vector<ValueId> now(program.values.size(), 0);
  for (std::size_t id = 1; id < program.values.size(); ++id) {
    const Value& value = program.values[id];
    if (value.leaf == Leaf::input) {
      now[id] = out.add_input(value.name, value.type);
    } else if (value.leaf != Leaf::none && used[id]) {
      now[id] = out.add_leaf(value.leaf, value.index, value.name, value.type);
    }
  }
  for (std::size_t i = 0; i < program.ops.size(); ++i) {
    if (!live[i]) continue;
    Op op = program.ops[i];
    for (ValueId& id : op.inputs) id = now[id];
    for (ValueId& id : op.outputs) {
      now[id] = static_cast<ValueId>(out.values.size());
      out.values.push_back(program.values[id]);
      id = now[id];
    }
    out.ops.push_back(std::move(op));
  }
  for (const Result& result : program.results) out.results.push_back({result.name, now[result.value]});
  return out;
}

}  // namespace motet::program
