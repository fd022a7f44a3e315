// A run in Chrome's trace format, which Perfetto shows: stages, program runs and kernels, each on a track of its own.
#pragma once

#include <string>

#include "report/recorder.hpp"

namespace motet::report {

std::string trace_json(const Recorder& recorder);

}  // namespace motet::report
