#include "plan/plan.hpp"

#include <algorithm>
#include <map>

#include "base/error.hpp"
#include "plan/fuse.hpp"
#include "plan/layout.hpp"

namespace motet::plan {
namespace {

using program::Leaf;
using program::Program;
using program::ValueId;

std::uint64_t round_up(std::uint64_t size, std::uint64_t alignment) {
  return (size + alignment - 1) / alignment * alignment;
}

Region region_of(Leaf leaf) {
  switch (leaf) {
    case Leaf::input:
      return Region::input;
    case Leaf::weight:
      return Region::weight;
    case Leaf::state:
      return Region::state;
    case Leaf::kept:
      return Region::kept;
    case Leaf::none:
      break;
  }
  return Region::arena;
}

class Planner {
 public:
  Planner(const Program& program, const Traits& traits)
      : program_(program), traits_(traits), fused_(fuse(program, traits)), tensor_of_(program.values.size(), 0) {}

  Plan run() {
    out_.name = program_.name;
    out_.owned = program_.owned;
    copy_leaf_results();
    find_lifetimes();
    make_tensors();
    place_regions();
    place_arena();
    return std::move(out_);
  }

 private:
  // A result that is a leaf itself has no step that writes the result region: give it one.
  void copy_leaf_results() {
    const program::OpDef* copy = program::find_op("reshape");
    for (const program::Result& result : program_.results) {
      const ValueId value = result.value;
      if (program_.values[fused_.storage[value]].leaf == Leaf::none) {
        result_values_.push_back(value);
        continue;
      }
      const auto extra = static_cast<ValueId>(program_.values.size() + extra_types_.size());
      extra_types_.push_back(program_.type(value));
      fused_.storage.push_back(extra);
      tensor_of_.push_back(0);
      program::Attributes attributes;
      const auto sizes = program_.type(value).shape.sizes();
      attributes.set("shape", std::vector<std::int64_t>(sizes.begin(), sizes.end()));
      fused_.steps.push_back({copy, {value}, {extra}, attributes, {}, "result"});
      result_values_.push_back(extra);
    }
  }

  const TensorType& type(ValueId id) const {
    return id < program_.values.size() ? program_.type(id) : extra_types_[id - program_.values.size()];
  }
  Leaf leaf(ValueId id) const { return id < program_.values.size() ? program_.values[id].leaf : Leaf::none; }

  struct Life {
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    bool used = false;
  };

  void touch(ValueId id, std::uint32_t step) {
    if (id == 0) return;
    Life& life = lives_[fused_.storage[id]];
    if (!life.used) life = {step, step, true};
    life.last = std::max(life.last, step);
  }

  void find_lifetimes() {
    for (std::uint32_t at = 0; at < fused_.steps.size(); ++at) {
      const Step& step = fused_.steps[at];
      for (ValueId id : step.inputs) touch(id, at);
      for (const Epilogue& epilogue : step.epilogues) touch(epilogue.operand, at);
      for (ValueId id : step.outputs) touch(id, at);
    }
  }

  // All that read this weight can do so some rows at a time, which a device does where it must.
  bool taken_by_rows(ValueId root) const {
    for (const Step& step : fused_.steps) {
      for (std::size_t i = 0; i < step.inputs.size(); ++i) {
        if (step.inputs[i] == 0 || fused_.storage[step.inputs[i]] != root) continue;
        const bool product = step.op->name == "matmul" && step.attributes.integer("transpose_b") != 0 &&
                             type(step.inputs[i]).shape.rank() == 2;
        const bool table = step.op->name == "embedding" || step.op->name == "take_rows";
        if (i != (product ? 1u : 0u) || !(product || table)) return false;
      }
      for (const Epilogue& epilogue : step.epilogues) {
        if (epilogue.operand != 0 && fused_.storage[epilogue.operand] == root) return false;
      }
    }
    return true;
  }

  TensorId tensor(ValueId id) {
    if (id == 0) return 0;
    if (tensor_of_[id] != 0) return tensor_of_[id];
    const ValueId root = fused_.storage[id];
    Tensor made;
    made.type = type(id);
    made.region = region_of(leaf(root));
    if (leaf(root) != Leaf::none) {
      made.index = program_.values[root].index;
      made.name = program_.values[root].name;
    }
    const bool bound_whole = made.region == Region::weight ? !taken_by_rows(root) : made.region != Region::input;
    if (bound_whole && made.type.size_bytes() > traits_.max_binding_bytes) {
      base::fail(base::ErrorKind::environment,
                 "a tensor of " + made.type.text() + (made.name.empty() ? "" : " (" + made.name + ")") + " has " +
                     std::to_string(made.type.size_bytes()) + " bytes, " + traits_.device + " binds at most " +
                     std::to_string(traits_.max_binding_bytes),
                 "use --device cpu, or shorter inputs");
    }
    const auto id_of_tensor = static_cast<TensorId>(out_.tensors.size());
    out_.tensors.push_back(std::move(made));
    roots_.push_back(root);
    tensor_of_[id] = id_of_tensor;
    return id_of_tensor;
  }

  void make_tensors() {
    for (ValueId id : program_.inputs) out_.inputs.push_back(tensor(id));
    for (Step step : fused_.steps) {
      for (ValueId& id : step.inputs) id = tensor(id);
      for (ValueId& id : step.outputs) id = tensor(id);
      for (Epilogue& epilogue : step.epilogues) epilogue.operand = tensor(epilogue.operand);
      out_.steps.push_back(std::move(step));
    }
    for (std::size_t i = 0; i < result_values_.size(); ++i) {
      const TensorId id = tensor(result_values_[i]);
      out_.results.push_back(id);
      out_.tensors[id].index = static_cast<std::uint32_t>(i);
      out_.tensors[id].name = program_.results[i].name;
    }
  }

  void place_regions() {
    for (TensorId id : out_.inputs) {
      out_.tensors[id].offset = out_.input_bytes;
      out_.input_bytes += round_up(out_.tensors[id].type.size_bytes(), traits_.offset_alignment);
    }
    std::map<ValueId, std::uint64_t> result_roots;  // several results may be views of one value
    for (ValueId value : result_values_) {
      const auto [at, fresh] = result_roots.try_emplace(fused_.storage[value], out_.result_bytes);
      if (fresh) out_.result_bytes += round_up(type(fused_.storage[value]).size_bytes(), traits_.offset_alignment);
    }
    for (TensorId id = 1; id < out_.tensors.size(); ++id) {
      Tensor& made = out_.tensors[id];
      const ValueId root = roots_[id];
      if (made.region == Region::input && leaf(root) == Leaf::input) {
        made.offset = out_.tensors[tensor_of_[root]].offset;  // views of an input
      }
      if (const auto at = result_roots.find(root); at != result_roots.end() && made.region == Region::arena) {
        made.region = Region::result;
        made.offset = at->second;
      }
    }
  }

  void place_arena() {
    std::vector<Block> blocks;
    std::map<ValueId, std::size_t> block_of;
    for (TensorId id = 1; id < out_.tensors.size(); ++id) {
      Tensor& made = out_.tensors[id];
      const Life& life = lives_[roots_[id]];
      made.first_use = life.first;
      made.last_use = life.last;
      if (made.region != Region::arena || block_of.contains(roots_[id])) continue;
      block_of[roots_[id]] = blocks.size();
      blocks.push_back({type(roots_[id]).size_bytes(), life.first, life.last, 0});
    }
    out_.arena_bytes = lay_out(blocks, traits_.offset_alignment);
    for (TensorId id = 1; id < out_.tensors.size(); ++id) {
      if (out_.tensors[id].region == Region::arena) out_.tensors[id].offset = blocks[block_of[roots_[id]]].offset;
    }
  }

  const Program& program_;
  const Traits& traits_;
  Fused fused_;
  Plan out_;
  std::vector<TensorId> tensor_of_;      // by value
  std::vector<ValueId> roots_{0};        // by tensor: the value whose memory it is
  std::vector<TensorType> extra_types_;  // of copies made for results
  std::vector<ValueId> result_values_;
  std::map<ValueId, Life> lives_;
};

}  // namespace

Plan plan(const Program& program, const Traits& traits) { return Planner(program, traits).run(); }

}  // namespace motet::plan
