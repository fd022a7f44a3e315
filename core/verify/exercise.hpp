// What the engine does with a stage, once through: for checks of rules that the host itself watches.
#pragma once

#include "verify/trial.hpp"

namespace motet::verify {

// Makes an instance, negotiates twice, and lets it work as its kind does: process, build and run, encode and decode,
// sample. Refusals that a stage reports are its right; a rule that it breaks is thrown, as the host does.
void exercise(Trial& trial);

// The parts, for an instance that is negotiated.
void exercise_host_stage(Trial& trial, const host::Instance& instance);
void exercise_computing(Trial& trial, Made& made);
void exercise_tokenizer(const host::Instance& instance);
void exercise_sampler(Trial& trial, const host::Instance& instance);

}  // namespace motet::verify
