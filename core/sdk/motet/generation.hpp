// What a generator says of its loop, and what a sampler sees.
#pragma once

#include <motet/abi.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace motet {

struct Generation {
  std::int32_t start = -1;                  // the first token where no prompt is connected; -1: a prompt must be
  std::vector<std::int32_t> stop{};         // ids that end a sequence; not part of its output
  std::vector<std::string> stop_strings{};  // text that ends a sequence; needs the slot `text`
  std::int64_t vocabulary = 0;              // the last dimension of the logits
  std::int64_t max_positions = 0;           // prompt and output together never exceed it
  std::int64_t max_tokens = 0;              // most tokens to generate; 0: up to max_positions
};

struct Sampling {
  std::span<const float> logits;          // f32[vocabulary]
  std::span<const std::int32_t> history;  // prompt and what was generated, oldest first
  std::uint64_t step = 0;                 // tokens generated so far in this sequence
};

}  // namespace motet
