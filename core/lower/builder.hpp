// The builder behind the C ABI: what a stage's build() writes becomes operations of a program.
#pragma once

#include <motet/abi.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "graph/graph.hpp"
#include "lower/state_spec.hpp"
#include "lower/weight_table.hpp"
#include "program/program.hpp"

namespace motet::lower {

class Builder final : public ::motet_builder {
 public:
  // `rows` and `state_capacity` shape the states; 0 where the program has none.
  Builder(const graph::Graph& graph, WeightTable& weights, program::Program& program, std::int64_t rows,
          std::int64_t state_capacity);
  Builder(const Builder&) = delete;
  Builder& operator=(const Builder&) = delete;

  // Calls build() of a tensor stage; `in` are its inputs by port. Returns its outputs, checked against what it
  // declared. Throws base::Error (plugin, or item where a size does not suit an operation).
  std::vector<program::ValueId> build(int stage, std::vector<program::ValueId> in);
  // Calls build() of a generator's step; `fillers` finds the inputs of its slots' fillers.
  program::ValueId build_step(int stage, const motet_step& step, std::vector<program::ValueId> in);

  // Values of other stages, for fillers that take them: (stage, port) -> value.
  void offer_source(int stage, int port, program::ValueId value) { sources_[{stage, port}] = value; }
  void set_length(program::ValueId value, program::ValueId length) { lengths_[value] = length; }
  program::ValueId length(program::ValueId value) const;
  const std::vector<StateSpec>& states() const { return states_; }

 private:
  struct Frame {  // the stage whose build() runs
    int stage = -1;
    std::string scope;               // for printing
    std::string weight_scope;        // "cross_attention.3." in a filler
    std::set<std::string> called{};  // "cross_attention.3" of its slots, as far as it has come
  };
  static Builder& self(motet_builder* builder) { return *static_cast<Builder*>(builder); }
  void connect_table();
  motet_tensor emit_op(const char* op, const motet_tensor* in, uint32_t n_in, const motet_attribute* attributes,
                       uint32_t n_attributes, motet_tensor* out, uint32_t n_out);
  motet_tensor find_weight(const char* canonical);
  motet_tensor make_state(const char* name, motet_state_kind kind, const int64_t* sizes, uint32_t rank);
  void check_states(const program::OpDef& def, const std::vector<program::ValueId>& operands,
                    program::Attributes& attributes) const;
  motet_status call_slot(const char* slot, uint32_t at, const motet_tensor* in, uint32_t n_in, motet_tensor* out,
                         uint32_t n_out);
  program::ValueId plain(const program::OpDef& def, std::size_t operand, program::ValueId value,
                         const program::Attributes& attributes);
  const program::OpDef* find_def(std::string_view id);
  std::string unknown_op(std::string_view id) const;
  void keep_mistake(const std::string& message, base::ErrorKind kind = base::ErrorKind::item);
  void throw_mistake(int stage);
  void check_outputs(int stage, std::span<const program::ValueId> in, std::span<const motet_tensor> out);
  std::string scope_text() const;
  const graph::Stage& stage(int at) const { return graph_.stages[static_cast<std::size_t>(at)]; }

  const graph::Graph& graph_;
  WeightTable& weights_;
  program::Program& program_;
  std::int64_t rows_;
  std::int64_t state_capacity_;
  std::vector<Frame> frames_;
  std::vector<std::string> scopes_;
  std::vector<StateSpec> states_;
  std::vector<program::ValueId> state_leaves_;  // as states_
  std::map<std::uint32_t, program::ValueId> weight_leaves_;
  std::map<std::pair<int, int>, program::ValueId> sources_;
  std::map<program::ValueId, program::ValueId> lengths_;
  program::ValueId row_ = 0;
  std::map<std::string, const program::OpDef*, std::less<>> custom_;  // that this build has written
  std::string mistake_;
  base::ErrorKind mistake_kind_ = base::ErrorKind::item;
};

}  // namespace motet::lower
