// Recordings of every kind: what is read, what becomes of rate and channels, and what is refused with which words.
#include "audio/recording.hpp"

#include <sndfile.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <numbers>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace motet::audio;
using motet::test::TemporaryFolder;

namespace {

constexpr double kTone = 440;

// A tone at half loudness, in each channel at another phase.
std::vector<float> tone(int frames, int channels, int rate) {
  std::vector<float> out;
  for (int i = 0; i < frames; ++i) {
    for (int c = 0; c < channels; ++c) {
      out.push_back(static_cast<float>(0.5 * std::sin(2 * std::numbers::pi * kTone * i / rate + c)));
    }
  }
  return out;
}

std::string written(const TemporaryFolder& folder, const std::string& name, int format,
                    const std::vector<float>& samples, int channels, int rate) {
  const std::string path = (folder.path() / name).string();
  SF_INFO info{};
  info.format = format;
  info.channels = channels;
  info.samplerate = rate;
  SNDFILE* file = sf_open(path.c_str(), SFM_WRITE, &info);
  REQUIRE(file != nullptr);
  sf_writef_float(file, samples.data(), static_cast<sf_count_t>(samples.size()) / channels);
  sf_close(file);
  return path;
}

std::string refusal(const std::string& path, double most_seconds = 0) {
  try {
    read_recording(path, most_seconds);
  } catch (const RecordingError& error) {
    return error.what();
  }
  return "";
}

double loudness(const std::vector<float>& samples) {
  double sum = 0;
  for (float sample : samples) sum += static_cast<double>(sample) * sample;
  return std::sqrt(sum / static_cast<double>(samples.size()));
}
}  // namespace

TEST_CASE("lossless files give their samples back") {
  const TemporaryFolder folder;
  const std::vector<float> samples = tone(5000, 2, 8000);
  for (const auto& [name, format, error] : {std::tuple{"a.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_24, 2e-7},
                                            {"b.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, 0.0},
                                            {"c.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 4e-5},
                                            {"d.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 4e-5}}) {
    INFO(name);
    const Recording read = read_recording(written(folder, name, format, samples, 2, 8000), 0);
    CHECK(read.channels == 2);
    CHECK(read.rate_hz == 8000);
    REQUIRE(read.samples.size() == samples.size());
    double worst = 0;
    for (std::size_t i = 0; i < samples.size(); ++i)
      worst = std::max(worst, std::abs(static_cast<double>(read.samples[i]) - samples[i]));
    CHECK(worst <= error);
  }
}

TEST_CASE("a recording of many channels is read whole, in parts") {
  constexpr int kChannels = 1000, kFrames = 300;
  std::vector<float> samples(std::size_t{kChannels} * kFrames);
  for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = static_cast<float>(i % 1013) / 1024;
  const TemporaryFolder folder;
  const std::string path = written(folder, "many.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, samples, kChannels, 8000);
  CHECK(read_recording(path, 0).samples == samples);
}

TEST_CASE("lossy files sound as loud as they did") {
  const TemporaryFolder folder;
  const std::vector<float> samples = tone(16000, 1, 16000);
  for (const auto& [name, format] :
       {std::pair{"a.ogg", SF_FORMAT_OGG | SF_FORMAT_VORBIS}, {"b.mp3", SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III}}) {
    INFO(name);
    const Recording read = read_recording(written(folder, name, format, samples, 1, 16000), 0);
    CHECK(read.rate_hz == 16000);
    CHECK(std::abs(static_cast<double>(read.frames()) - 16000) < 2500);  // MP3 pads to whole blocks
    CHECK(loudness(read.samples) == Catch::Approx(loudness(samples)).epsilon(0.1));
  }
}

TEST_CASE("channels are mixed to their mean") {
  const Recording stereo{{0.5f, -0.5f, 1.0f, 0.0f, 0.25f, 0.75f}, 2, 8000};
  const Recording mono = mixed_to_mono(stereo);
  CHECK(mono.channels == 1);
  CHECK(mono.samples == std::vector<float>{0, 0.5f, 0.5f});
}

TEST_CASE("another rate keeps pitch, loudness and duration") {
  for (const auto& [from, to] : {std::pair{8000, 16000}, {44100, 16000}, {48000, 16000}, {16000, 16000}}) {
    INFO(from << " to " << to);
    const Recording made = resampled({tone(from, 1, from), 1, from}, to);
    REQUIRE(made.frames() == static_cast<std::size_t>(to));
    const std::vector<float> wanted = tone(to, 1, to);
    double worst = 0;  // the ends miss what would lie beyond them
    for (std::size_t i = 400; i + 400 < wanted.size(); ++i)
      worst = std::max(worst, std::abs(static_cast<double>(made.samples[i]) - wanted[i]));
    CHECK(worst < 1e-3);
  }
}

TEST_CASE("what cannot be a recording is refused in words") {
  const TemporaryFolder folder;
  CHECK(refusal((folder.path() / "none.wav").string()) == "there is no such file");
  CHECK(refusal(folder.path().string()) == "it is no regular file");
  CHECK(refusal(folder.write("empty.wav", "").string()) == "the file is empty");
  CHECK_THAT(refusal(folder.write("text.wav", std::string(500, 'x')).string()),
             Catch::Contains("no recording that can be read"));
  CHECK(refusal(written(folder, "silent.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, {}, 1, 16000)) == "it holds no sound");
}

TEST_CASE("recordings that are cut off or damaged are refused") {
  const TemporaryFolder folder;
  const std::string whole =
      written(folder, "whole.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, tone(8000, 1, 16000), 1, 16000);
  std::ifstream stream(whole, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  CHECK_THAT(refusal(folder.write("cut.wav", bytes.substr(0, bytes.size() / 2)).string()),
             Catch::Contains("it is cut off: its header promises 16000 bytes"));
  CHECK_THAT(refusal(folder.write("head.wav", bytes.substr(0, 20)).string()), Catch::Contains("cut off"));
  for (std::size_t length = 1; length < 60; length += 3) {  // every header cut short is refused somehow
    INFO(length);
    CHECK_FALSE(refusal(folder.write("short.wav", bytes.substr(0, length)).string()).empty());
  }
  const std::string flac =
      written(folder, "whole.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, tone(60000, 1, 16000), 1, 16000);
  std::ifstream other(flac, std::ios::binary);
  const std::string packed{std::istreambuf_iterator<char>(other), std::istreambuf_iterator<char>()};
  CHECK_FALSE(refusal(folder.write("cut.flac", packed.substr(0, packed.size() / 2)).string()).empty());
  std::vector<float> samples = tone(1000, 1, 16000);
  samples[123] = std::numeric_limits<float>::quiet_NaN();
  CHECK_THAT(refusal(written(folder, "nan.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, samples, 1, 16000)),
             Catch::Contains("frame 123 is no number"));
}

TEST_CASE("a recording that is too long is refused with the limit") {
  const TemporaryFolder folder;
  const std::string path =
      written(folder, "long.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, tone(32000, 1, 16000), 1, 16000);
  CHECK_THAT(refusal(path, 1.5), Catch::Contains("longer than 1.5 s"));
  CHECK(refusal(path, 2).empty());
}
