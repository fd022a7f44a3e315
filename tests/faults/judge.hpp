// What a run may end with in which a call failed.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "faults/injector/faults.h"

namespace motet::test {

struct Outcome {
  bool happened = false;  // the call that was to fail did
  std::string result;
  std::string error;  // "environment: there is not enough memory"; empty: none
};

// Runs `body` as a program's main would; what is no exception of Motet's, nor std::bad_alloc, is "unexpected: ...".
Outcome outcome_of(const std::function<std::string()>& body);

// Why the outcome is wrong; empty where it is right: an error of the right kind that says what failed, or, where there
// was a way around it, the wanted result.
std::string judge(motet_fault_kind kind, const Outcome& outcome, const std::string& wanted);

// The module of the innermost frame that is neither the injector's nor the C or C++ library's.
std::string_view allocator(const motet_fault_report& from);

}  // namespace motet::test
