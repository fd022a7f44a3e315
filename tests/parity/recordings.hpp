// Recordings by the recipes of recordings.py: the same 16-bit samples, made from jfk.wav in integers.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "value/value.hpp"

namespace motet::test {

std::vector<std::int16_t> read_speech();  // jfk.wav, 16 kHz, one channel
std::vector<std::int16_t> build_recording(const std::vector<std::int16_t>& speech, const nlohmann::json& recipe);
std::string checksum(
    const std::vector<std::int16_t>& samples);  // FNV-1a of the little-endian bytes, 16 hexadecimal digits
value::Ref as_audio(const std::vector<std::int16_t>& samples);  // samples / 32768

}  // namespace motet::test
