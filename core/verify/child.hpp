// The other side of run_process: tries one check and answers.
#pragma once

#include "verify/last_call.hpp"
#include "verify/request.hpp"
#include "verify/subject.hpp"

namespace motet::verify {

// Whatever the plugin does that ends the process ends this one; the parent sees how.
Outcome try_check(const Request& request, LastCall& last_call, const ReadItem& read);

// Reads the request, tries the check, writes the answer to kAnswerDescriptor. The process should end after it.
void answer(const std::string& request, const ReadItem& read);

// The first [C017] of a message; 0: there is none.
int cited_obligation(std::string_view message);

}  // namespace motet::verify
