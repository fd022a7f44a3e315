// Runs a scene again and again, each time with another call that fails, and judges what comes of it.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "faults/injector/faults.h"
#include "faults/scene.hpp"

namespace motet::test {

// Another's code that crashes where it has no memory, or takes that for something else. What ends well is judged all
// the same.
struct Exempt {
  std::string_view module;  // a part of the library's name: the innermost that is not the C or C++ library
  std::string_view reason;
};

struct Finding {
  std::uint64_t n = 0;
  std::string what;
  motet_fault_report from{};
};

struct Trials {
  std::string wanted;                           // the scene's result, where nothing fails
  std::uint64_t calls = 0;                      // of the kind, in one run
  std::uint64_t stacks = 0;                     // different ways to such a call
  std::uint64_t tried = 0;                      // runs in which one failed
  std::uint64_t unharmed = 0;                   // of them, with the wanted result all the same
  std::uint64_t exempted = 0;                   // of them, that ended wrongly where that is exempt
  std::map<std::string, std::uint64_t> errors;  // what was said, how often
  std::vector<Finding> findings;
};

struct TrialOptions {
  bool all = false;       // every call, not just the first of each place
  int frames = 4;         // of its stack that make a place
  unsigned limit_s = 60;  // for one run: longer is a hang
  std::span<const Exempt> exempt{};
  std::uint64_t first = 1, last = UINT64_MAX;  // calls of these numbers only
};

// In processes of its own: the caller must have one thread, and no device open.
Trials try_faults(const MakeScene& make, motet_fault_kind kind, const TrialOptions& options = {});

// "library.so+0x1234" a line, innermost first.
std::string text(const motet_fault_report& from);

}  // namespace motet::test
