// Islands to programs, for numbers: an item program, and for a generator the program of one step.
//
// A generator's build() is traced twice: once with the item's own sizes, of which what does not depend on the step is
// kept and runs once an item; once with the capacities in which that is kept, of which the rest is the step. Both
// traces write the same operations in the same order, and that is how what crosses over is matched.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "lower/builder.hpp"
#include "lower/islands.hpp"
#include "lower/weight_table.hpp"
#include "program/program.hpp"

namespace motet::lower {

// What a step reads beside its tokens: a tensor of another stage, for the generator or a filler in its slots.
struct Memory {
  graph::Source source;
  graph::EdgeType type;  // [B, T, ...]
  std::string name;      // "words/cross_attention.memory"
};
std::vector<Memory> memories(const graph::Graph& graph, const Island& island);

// Sizes of one run of an item program: for each of Island::inputs the tensor [B, ...], padded.
struct ItemKey {
  std::vector<tensor::Shape> inputs;
  std::int64_t rows = 0;           // of the kept values; 0 where the island has no generator
  std::int64_t kept_capacity = 0;  // at least this; more where the item is longer
  friend auto operator<=>(const ItemKey& a, const ItemKey& b) { return a.text() <=> b.text(); }
  friend bool operator==(const ItemKey& a, const ItemKey& b) { return a.text() == b.text(); }
  std::string text() const;
};

struct ItemResult {
  graph::Source source;
  std::vector<std::pair<int, int>> cuts;  // (axis, island input): that axis is padded, and true to that input's length
};

// How long a memory is for the generator: `full`, or the length given with an input of the island.
struct MemoryLength {
  std::int64_t full = 0;
  int island_input = -1;
};

struct ItemProgram {
  program::Program program;
  std::vector<int> value_inputs;             // by island input: the program's input
  std::vector<int> length_inputs;            // the same for i32[B] lengths, -1: none
  int row_input = -1;                        // i32[B], where kept values go; -1: nothing is kept
  std::vector<ItemResult> results;           // as the program's results
  std::vector<program::TensorType> kept;     // [rows, capacity, ...]
  std::int64_t kept_capacity = 0;            // a power of two, or what the key asked for
  std::vector<MemoryLength> memory_lengths;  // by memories()
  bool empty() const { return program.ops.empty() && results.empty(); }
};

ItemProgram lower_item(const graph::Graph& graph, const Island& island, const ItemKey& key, WeightTable& weights);

struct StepKey {
  std::int64_t tokens = 1;  // N
  std::int64_t wanted = 1;  // W
  std::int64_t rows = 1;
  std::int64_t state_capacity = 0;
  std::int64_t kept_capacity = 0;
  bool greedy = false;  // ends in argmax
  friend auto operator<=>(const StepKey&, const StepKey&) = default;
};

struct StepProgram {
  program::Program program;
  // Inputs 0 to 4: tokens, positions, row, feature i32[N], want i32[W]; then an i32[rows] of lengths for each memory.
  static constexpr int kTokens = 0, kPositions = 1, kRow = 2, kFeature = 3, kWant = 4, kLengths = 5;
  std::vector<StateSpec> states;
  std::vector<program::TensorType> kept;  // [rows, capacity, ...], as in the item program
  // Result 0: ids i32[W] where greedy, else logits f32[W, vocabulary].
};

StepProgram lower_step(const graph::Graph& graph, const Island& island, const StepKey& key, WeightTable& weights);

}  // namespace motet::lower
