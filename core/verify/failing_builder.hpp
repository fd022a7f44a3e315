// A stage type whose build gets a builder of which one call fails, as after a mistake: the tensor is poison, and why is
// kept. Everything else is the host's own.
#pragma once

#include <motet/abi.h>

#include <cstdint>

namespace motet::verify {

// One at a time in a process: the contract's functions carry nothing that would tell two apart.
class FailingBuilder {
 public:
  // `type` is the plugin's, with build of tensor stages or generators.
  explicit FailingBuilder(const motet_stage_type& type);
  ~FailingBuilder();
  FailingBuilder(const FailingBuilder&) = delete;
  FailingBuilder& operator=(const FailingBuilder&) = delete;

  // To be called instead of the plugin's type, by instances that this outlives.
  const motet_stage_type& type() const { return type_; }
  // From now on the call with this number fails that can: emit, weight, state or slot_build; -1: none.
  void fail_from_now(std::int64_t call);
  std::int64_t calls() const;  // that could have failed, since then

 private:
  motet_stage_type type_;
};

}  // namespace motet::verify
