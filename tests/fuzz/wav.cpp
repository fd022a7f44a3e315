// A recording, as audio.waveform takes it: read, mixed and brought to 16 kHz.
//
// Reads with: plugins/audio/recording.cpp plugins/audio/sound_file.cpp plugins/audio/cut_off.cpp
#include <cmath>

#include "audio/recording.hpp"
#include "fuzz/target.hpp"
#include "support/temporary_folder.hpp"

namespace motet::fuzz {

bool wav(std::string_view input) {
  constexpr double kMostSeconds = 60;
  static const test::TemporaryFolder folder;
  try {
    const audio::Recording read =
        audio::read_recording(folder.write("recording.wav", std::string(input)).string(), kMostSeconds);
    require(read.frames() > 0 && read.seconds() <= kMostSeconds, "a recording that is taken is as long as was allowed");
    require(read.samples.size() == read.frames() * static_cast<std::size_t>(read.channels), "frames are whole");
    const audio::Recording made = audio::resampled(audio::mixed_to_mono(read), 16000);
    require(made.channels == 1 && made.rate_hz == 16000 && made.frames() > 0, "what comes out is what was asked for");
    for (const float sample : made.samples) require(std::isfinite(sample), "samples are numbers");
    return true;
  } catch (const audio::RecordingError& error) {
    return refused(error.what());
  }
}

}  // namespace motet::fuzz
