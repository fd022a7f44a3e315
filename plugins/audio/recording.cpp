#include "audio/recording.hpp"

#include <samplerate.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <filesystem>
#include <new>
#include <system_error>

#include "audio/cut_off.hpp"
#include "audio/sound_file.hpp"

namespace motet::audio {
namespace {

constexpr std::size_t kBlockSamples = 131072;
constexpr int kMostRateHz = 768'000;

std::string seconds_text(double seconds) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.4g s", seconds);
  return buffer;
}

void check_file(const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) throw RecordingError("there is no such file");
  if (!std::filesystem::is_regular_file(status)) throw RecordingError("it is no regular file");
  if (std::filesystem::file_size(path, error) == 0 && !error) throw RecordingError("the file is empty");
}

[[noreturn]] void too_long(double most_seconds) {
  throw RecordingError("it is longer than " + seconds_text(most_seconds) +
                       ", the most that is taken here: cut it into shorter pieces, or raise max_seconds");
}

void check_header(const SF_INFO& info) {
  if (info.channels < 1 || info.samplerate < 1 || info.samplerate > kMostRateHz) {
    throw RecordingError("its header is damaged: " + std::to_string(info.channels) + " channels at " +
                         std::to_string(info.samplerate) + " Hz");
  }
}
}  // namespace

void refuse_non_finite(const Recording& recording) {
  for (std::size_t i = 0; i < recording.samples.size(); ++i) {
    if (!std::isfinite(recording.samples[i])) {
      throw RecordingError("frame " + std::to_string(i / static_cast<std::size_t>(recording.channels)) +
                           " is no number: the recording is damaged");
    }
  }
}

Recording read_recording(const std::string& path, double most_seconds) {
  check_file(path);
  if (const std::string reason = cut_off(path); !reason.empty()) throw RecordingError(reason);
  const SoundFile sound(path);
  const SF_INFO& info = sound.info();
  check_header(info);
  const double most_frames = most_seconds > 0 ? most_seconds * info.samplerate : 0;
  if (most_frames > 0 && static_cast<double>(info.frames) > most_frames) too_long(most_seconds);
  Recording out;
  out.channels = info.channels;
  out.rate_hz = info.samplerate;
  // In blocks: the header's numbers of frames and channels may be anything.
  const auto channels = static_cast<std::size_t>(info.channels);
  const std::size_t block_frames = std::max<std::size_t>(kBlockSamples / channels, 1);
  std::vector<float> block(block_frames * channels);
  sf_count_t got = 0;
  while ((got = sf_readf_float(sound.get(), block.data(), static_cast<sf_count_t>(block_frames))) > 0) {
    out.samples.insert(out.samples.end(), block.begin(),
                       block.begin() + static_cast<std::ptrdiff_t>(got * info.channels));
    if (most_frames > 0 && static_cast<double>(out.frames()) > most_frames) too_long(most_seconds);
  }
  sound.check();
  if (sf_error(sound.get()) != SF_ERR_NO_ERROR)
    throw RecordingError(std::string("it is damaged: ") + sf_strerror(sound.get()));
  if (out.frames() == 0) throw RecordingError("it holds no sound");
  if (info.frames != SF_COUNT_MAX && static_cast<sf_count_t>(out.frames()) < info.frames) {
    throw RecordingError("it is cut off: " + std::to_string(info.frames) + " frames are promised, " +
                         std::to_string(out.frames()) + " can be read");
  }
  refuse_non_finite(out);
  return out;
}

Recording mixed_to_mono(const Recording& recording) {
  if (recording.channels == 1) return recording;
  Recording out{{}, 1, recording.rate_hz};
  const auto channels = static_cast<std::size_t>(recording.channels);
  out.samples.resize(recording.frames());
  for (std::size_t frame = 0; frame < out.samples.size(); ++frame) {
    double sum = 0;
    for (std::size_t channel = 0; channel < channels; ++channel) sum += recording.samples[frame * channels + channel];
    out.samples[frame] = static_cast<float>(sum / static_cast<double>(channels));
  }
  return out;
}

Recording resampled(const Recording& recording, int rate_hz) {
  if (recording.rate_hz == rate_hz) return recording;
  const double ratio = static_cast<double>(rate_hz) / recording.rate_hz;
  if (src_is_valid_ratio(ratio) == 0) {
    throw RecordingError("its " + std::to_string(recording.rate_hz) + " Hz are too far from the " +
                         std::to_string(rate_hz) + " Hz wanted");
  }
  const auto frames = static_cast<std::size_t>(std::llround(static_cast<double>(recording.frames()) * ratio));
  Recording out{{}, recording.channels, rate_hz};
  // Some room more than needed: the converter stops short of a buffer that is exactly full.
  out.samples.resize((frames + 64) * static_cast<std::size_t>(recording.channels));
  SRC_DATA data{};
  data.data_in = recording.samples.data();
  data.input_frames = static_cast<long>(recording.frames());
  data.data_out = out.samples.data();
  data.output_frames = static_cast<long>(frames + 64);
  data.src_ratio = ratio;
  errno = 0;
  if (const int error = src_simple(&data, SRC_SINC_BEST_QUALITY, recording.channels); error != 0) {
    if (errno == ENOMEM) throw std::bad_alloc();
    throw RecordingError(std::string("it cannot be resampled: ") + src_strerror(error));
  }
  out.samples.resize(std::max<std::size_t>(frames, 1) * static_cast<std::size_t>(recording.channels));
  return out;
}

}  // namespace motet::audio
