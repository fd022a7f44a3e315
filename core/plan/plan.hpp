// The order of a program's operations, what was fused, and where every tensor lies: for one set of shapes and one
// device's traits. Printable data; devices only carry it out.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "plan/traits.hpp"
#include "program/program.hpp"

namespace motet::plan {

using program::Attributes;
using program::TensorType;

// Index into Plan::tensors; 0 is reserved and means "absent".
using TensorId = std::uint32_t;

enum class Region : std::uint8_t {
  none,
  input,   // the executable's own input block, written by the host before each run
  result,  // the executable's own result block, read by the host after each run
  arena,   // scratch that all plans of a session share; nothing survives a run
  weight,  // Tensor::index counts the session's weights
  state,   // Tensor::index counts the island's states
  kept,    // Tensor::index counts the island's kept values
};

struct Tensor {
  TensorType type;
  Region region = Region::none;
  std::uint32_t index = 0;      // which weight, state or kept value; which input or result
  std::uint64_t offset = 0;     // bytes within the region (input, result, arena); 0 for the others
  std::uint32_t first_use = 0;  // step numbers, arena only
  std::uint32_t last_use = 0;
  std::string name;  // of leaves and results
};

// An elementwise operation applied to each element y of a step's output before it is stored.
struct Epilogue {
  std::string fn;        // of program op unary, or of binary: y = fn(y, operand[...])
  TensorId operand = 0;  // 0: unary
  enum class Reach : std::uint8_t {
    same,
    last_dimension,
    one
  } reach = Reach::same;       // the operand's shape: that of y, [D], or one element
  bool operand_first = false;  // y = fn(operand, y)
};

struct Step {
  const program::OpDef* op = nullptr;
  std::vector<TensorId> inputs;  // as the operation's operands, 0 where absent
  std::vector<TensorId> outputs;
  Attributes attributes;
  std::vector<Epilogue> epilogues;  // in order; on outputs[0]
  std::string scope;
};

struct Plan {
  std::string name;
  std::vector<Tensor> tensors{Tensor{}};
  std::vector<Step> steps;
  std::vector<TensorId> inputs;   // by input number
  std::vector<TensorId> results;  // by result number
  std::uint64_t input_bytes = 0;  // sizes of the regions
  std::uint64_t result_bytes = 0;
  std::uint64_t arena_bytes = 0;
  program::OwnedDefs owned;  // definitions that steps name and plugins brought
};

// Fuses, orders, and lays out. Tensors of a region never overlap in bytes while both live; a reshape is a view (two
// tensors, same region and offset). Throws base::Error(environment) where an operand exceeds what the device can bind
// (but a weight that is only read by rows may: the device binds some rows at a time).
Plan plan(const program::Program& program, const Traits& traits);

std::string text(const Plan& plan);

}  // namespace motet::plan
