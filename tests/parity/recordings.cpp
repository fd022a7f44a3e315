#include "parity/recordings.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace motet::test {
namespace {

std::uint32_t size_at(const std::string& bytes, std::size_t at) {
  std::uint32_t out = 0;
  if (at + sizeof out <= bytes.size()) std::memcpy(&out, bytes.data() + at, sizeof out);
  return out;
}

std::vector<std::int16_t> build_part(const std::vector<std::int16_t>& speech, const nlohmann::json& part) {
  std::vector<std::int32_t> samples;
  if (part.contains("silence")) {
    samples.resize(part.at("silence").get<std::size_t>());
  } else {
    const auto range = part.at("source").get<std::vector<std::ptrdiff_t>>();
    samples.assign(speech.begin() + range.at(0), speech.begin() + range.at(1));
  }
  const std::int32_t gain = part.value("gain", 256);
  const std::int32_t noise = part.value("noise", 0);
  std::uint32_t state = part.value("seed", 0u);
  std::vector<std::int16_t> out;
  for (std::int32_t sample : samples) {
    sample = (sample * gain) >> 8;
    if (noise != 0) {
      state = state * 1664525u + 1013904223u;
      sample += ((static_cast<std::int32_t>(state >> 16) - 32768) * noise) >> 8;
    }
    out.push_back(static_cast<std::int16_t>(std::clamp(sample, -32768, 32767)));
  }
  return out;
}

}  // namespace

std::vector<std::int16_t> read_speech() {
  const std::filesystem::path path = std::filesystem::path(MOTET_SOURCE_DIR) / "pipelines/transcribe/jfk.wav";
  std::ifstream file(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  std::size_t at = 12;  // after "RIFF", a size and "WAVE"
  while (at + 8 <= bytes.size() && bytes.compare(at, 4, "data") != 0) at += 8 + size_at(bytes, at + 4);
  const std::size_t size = size_at(bytes, at + 4);
  if (size == 0 || at + 8 + size > bytes.size()) throw std::runtime_error(path.string() + ": not the file it was");
  std::vector<std::int16_t> out(size / 2);
  std::memcpy(out.data(), bytes.data() + at + 8, size);
  return out;
}

std::vector<std::int16_t> build_recording(const std::vector<std::int16_t>& speech, const nlohmann::json& recipe) {
  std::vector<std::int16_t> out;
  for (const auto& part : recipe.at("parts")) {
    const std::vector<std::int16_t> samples = build_part(speech, part);
    out.insert(out.end(), samples.begin(), samples.end());
  }
  return out;
}

std::string checksum(const std::vector<std::int16_t>& samples) {
  std::uint64_t value = 0xCBF29CE484222325u;
  for (std::int16_t sample : samples) {
    const auto bits = static_cast<std::uint16_t>(sample);
    for (std::uint16_t byte : {static_cast<std::uint16_t>(bits & 0xFF), static_cast<std::uint16_t>(bits >> 8)}) {
      value = (value ^ byte) * 0x100000001B3u;
    }
  }
  char out[17];
  std::snprintf(out, sizeof out, "%016llx", static_cast<unsigned long long>(value));
  return out;
}

value::Ref as_audio(const std::vector<std::int16_t>& samples) {
  value::Audio audio;
  audio.channels = 1;
  audio.rate_hz = 16000;
  for (std::int16_t sample : samples) audio.samples.push_back(static_cast<float>(sample) / 32768.0f);
  return value::make_audio(std::move(audio));
}

}  // namespace motet::test
