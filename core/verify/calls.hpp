// Calls that give values, as each kind of stage has them: for checks that ask the same again, or at once.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "verify/trial.hpp"

namespace motet::verify {

// A result, or the words of a refusal.
struct Answer {
  std::vector<value::Ref> values;
  std::string refusal;
};

// One call with what it is given, which is the same each time.
using Question = std::function<std::vector<value::Ref>(const host::Instance&, const host::CallOptions&)>;

struct Way {
  std::string function;  // "process", "encode", "decode", "sample"
  // No two alike; two where there are as many.
  std::vector<Question> questions;
};

// None for a stage that only builds.
std::vector<Way> ways_of(Trial& trial);

Answer answer(const Question& question, const host::Instance& instance, const host::CallOptions& options = {});
// Of each way the question with that number, counted round; values alone, none of those that are refused.
std::vector<value::Ref> answers(const std::vector<Way>& ways, const host::Instance& instance, std::size_t number);

// Fails where the two are not the same.
void expect_same(const Answer& a, const Answer& b, const std::string& when);

}  // namespace motet::verify
