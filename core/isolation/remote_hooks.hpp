// What a stage in a process of its own may ask of the graph: each question goes to the host and back.
#pragma once

#include <functional>
#include <string>

#include "isolation/messages.hpp"

namespace motet::isolation {

class RemoteHooks final : public host::NegotiationHooks {
 public:
  // Begins a question of this member of the stage's family; then sends it and gives the answer.
  struct Line {
    std::function<Writer&()> begin;
    std::function<Reader()> ask;
  };
  RemoteHooks(Line line, std::uint32_t member) : line_(std::move(line)), member_(member) {}

  const char* weights_path() override;
  const char* weights_format() override;
  bool weights_has(std::string_view name) override;
  void weight_source(const host::WeightSource& source) override;
  host::TensorSpec declare_weight(const host::WeightRequest& request) override;
  std::uint32_t fresh_symbol() override;
  void offer(std::string_view slot, std::string_view key, std::string_view text) override;
  const char* offered(std::string_view key) override;

 private:
  Writer& question(Hook hook);
  const char* text_answer();

  Line line_;
  std::uint32_t member_;
  std::optional<std::string> answer_;  // what a text points into until the next one
};

// The host's side: reads a question, of which the kind is read already, asks the hooks, and writes what they answer.
void answer_hook(Hook hook, Reader& question, host::NegotiationHooks& hooks, Writer& answer);

}  // namespace motet::isolation
