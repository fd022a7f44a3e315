// Recordings: read from files, brought to another rate and to one channel.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace motet::audio {

// The message says what is wrong with the recording, without its path.
class RecordingError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Recording {
  std::vector<float> samples;  // frames x channels, interleaved, in [-1, 1]
  int channels = 1;
  int rate_hz = 0;
  std::size_t frames() const { return channels == 0 ? 0 : samples.size() / static_cast<std::size_t>(channels); }
  double seconds() const { return rate_hz == 0 ? 0 : static_cast<double>(frames()) / rate_hz; }
};

// WAV, FLAC, OGG, MP3 and what else libsndfile knows. `most_seconds` (0: none) is checked before much is read. Throws
// RecordingError for files that are missing, empty, no recording, damaged, cut off, or hold what is no number.
Recording read_recording(const std::string& path, double most_seconds);

// The mean of all channels.
Recording mixed_to_mono(const Recording& recording);
// By band-limited interpolation (libsamplerate, best quality). The number of frames is rounded.
Recording resampled(const Recording& recording, int rate_hz);
void refuse_non_finite(const Recording& recording);

}  // namespace motet::audio
