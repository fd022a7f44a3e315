// The conformance kit's checks: each is one rule of the contract, and a function that tries it on a plugin.
//
// How to add one:
// 1. Take a number that is free in the block of your family (the list below) and write an entry into the table at the
//    end of checks/<family>.cpp: what is asked, what goes wrong for users otherwise, who enforces it. A new family is a
//    new file there with a function of the file's name; the build finds it.
// 2. Write its function: it gets a Trial (trial.hpp), in a process of its own, and says fail() or skip(); returning is
//    passing.
// 3. Cite the number in the contract's headers (core/abi/motet), as [C032], where the rule is stated.
// 4. Prove it: tests/conformance/broken/C032_<slug>/plugin.cpp or .c breaks that rule and no other, as do others in
//    C032_<slug>_<way>/ where there are more ways to; the build finds them, and a test runs the whole kit over each.
// 5. docs/obligations.md is this table in prose: the test that compares them writes the wanted page.
//
// Numbers never change their meaning. Blocks: 1-18 loader and host, 19-24 the file, 25-31 side effects, 32-39
// lifecycle, 40-45 parameters, 46-53 negotiation, 54-59 memory, 60-66 hidden state, 67-72 a hostile host, 73-79 host
// stages, 80-84 tensor stages, 85-89 generators, 90-97 operations, 98-101 and 115-118 tokenizers, 102-105 and 119
// samplers, 106-110 errors, 111-114 slots, 120 a pipeline's own tests.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "plugin/stage_type_info.hpp"

namespace motet::verify {

class Trial;

// What a check is tried on; a stage type may be several of these.
enum class On : std::uint8_t {
  library,       // once for the file, before anything else
  stage,         // every stage type
  host_stage,    // process()
  answering,     // process(), encode() and decode(), or sample(): what gives values itself
  tensor_stage,  // build(), generators not among them
  computing,     // build(), of tensor stages and generators
  generator,
  tokenizer,
  sampler,
  operation,  // every operation that the plugin brings
  pipeline,   // once for each pipeline
};

// The least --strictness that tries a check: what breaks every user first, then what breaks some, then what costs time.
enum Strictness : int { kBasic = 1, kNormal = 5, kHard = 8 };

struct Check {
  int number = 0;
  std::string_view slug;       // "outputs_set", of its broken plugin too
  std::string_view asks;       // one sentence
  std::string_view otherwise;  // what goes wrong for users where it is not kept
  std::string_view enforced;   // "loader", "host", "checked host", "kit": one or more, with commas
  On on = On::stage;
  int strictness = kBasic;
  void (*run)(Trial& trial) = nullptr;  // nullptr: the kit runs `motet test` (On::pipeline)
};

// All of them, by number.
std::span<const Check> checks();
// Takes "C032", "c032" and "32"; nullptr where there is none.
const Check* find_check(std::string_view number);
std::string check_name(int number);  // "C032"

bool applies(On on, const plugin::StageTypeInfo& type);
std::string_view name(On on);  // "host stages": for lists

}  // namespace motet::verify
