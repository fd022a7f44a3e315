// Whether a file ends before its own header says it does.
#pragma once

#include <string>

namespace motet::audio {

// WAV (RIFF) only: readers take what is there of such a file and say nothing. Empty: whole, or of another format.
std::string cut_off(const std::string& path);

}  // namespace motet::audio
