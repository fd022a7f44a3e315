// The loop that no decoder writes: rows, steps, sampling, stopping, streaming, cancellation.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "lower/lower.hpp"
#include "runtime/item_runner.hpp"
#include "runtime/resources.hpp"
#include "runtime/text_stream.hpp"
#include "runtime/timings.hpp"

namespace motet::runtime {

// One sequence to generate. Borrowed pointers live until run() returns.
struct Request {
  IslandInputs inputs;                              // of the island's item program
  std::optional<std::vector<std::int32_t>> prompt;  // where a prompt is connected
  std::function<void(std::string_view)> on_text;    // pieces, on the calling thread
  const std::atomic<bool>* cancelled = nullptr;     // this sequence alone
};

struct Generated {
  std::vector<std::int32_t> ids;    // without start and stop tokens
  std::string text;                 // where the slot `text` is filled
  std::vector<value::Ref> results;  // of the island's item program
  std::optional<base::Error> error;
};

class Generator {
 public:
  // At most `most_rows` sequences share a step.
  Generator(const graph::Graph& graph, const lower::Island& island, Resources& resources, int most_rows);
  ~Generator();

  // Throws Error(cancelled, environment); what fails for one request is its Generated::error.
  std::vector<Generated> run(std::vector<Request>& requests, const host::CallOptions& options, Timings& timings);

 private:
  struct Sequence;
  struct Step {
    lower::StepProgram lowered;
    Prepared prepared;
  };
  struct Batch;  // of one run()

  Step& step(const lower::StepKey& key);
  void make_rows(std::int64_t rows);
  void grow_states(std::int64_t capacity);
  bool admit(Batch& batch, int request);
  void gather(Batch& batch);
  void run_step(Batch& batch);
  void take_tokens(Batch& batch);
  void accept(Batch& batch, Sequence& sequence, std::int32_t id);
  void finish(Batch& batch, Sequence& sequence);

  const graph::Graph& graph_;
  const graph::Stage& stage_;
  const lower::Island& island_;
  Resources& resources_;
  ItemRunner items_;
  host::Generation generation_;
  const host::Instance* tokenizer_ = nullptr;
  const host::Instance* sampler_ = nullptr;
  bool greedy_ = true;
  int most_rows_;
  std::string item_name_;  // of the tensor stages whose program runs once an item
  std::size_t n_memories_;

  std::map<lower::StepKey, std::unique_ptr<Step>> steps_;
  std::int64_t rows_ = 0;
  std::int64_t state_capacity_ = 0;
  std::vector<lower::StateSpec> state_specs_;
  bool one_token_a_row_ = false;  // of a step: a state is replaced by each
  std::vector<std::unique_ptr<device::Buffer>> states_;
  std::uint64_t state_change_ = 0;
  Kept kept_;
  std::vector<std::vector<std::int32_t>> row_lengths_;  // by memory: i32[rows]
};

}  // namespace motet::runtime
