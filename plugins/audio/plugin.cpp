// audio.waveform: a recording to samples of one rate.
#include <motet/sdk.hpp>

#include "audio/recording.hpp"

namespace motet::audio {
namespace {

// audio (a file, or samples) to waveform f32[S], S = seconds * rate, in [-1, 1].
class Waveform {
 public:
  static constexpr auto type =
      stage_type("audio.waveform", "audio")
          .summary("Decodes a recording, mixes it to one channel and brings it to one rate.")
          .example("sound: {use: audio.waveform, with: {rate: 16000}, in: {audio: inputs.audio}}")
          .in("audio", "audio", "a recording: WAV, FLAC, OGG or MP3")
          .out("waveform", "f32[S]", "samples from -1 to 1")
          .param<std::int64_t>("rate", "samples a second")
          .otherwise("16000")
          .range(100, 768000)
          .param<std::int64_t>("channels", "1: all channels are mixed")
          .otherwise("1")
          .range(1, 1)
          .param<double>("min_seconds", "shorter recordings are refused")
          .otherwise("0")
          .range(0, 1e6)
          .param<double>("max_seconds", "longer recordings are refused")
          .otherwise("3600")
          .range(0.001, 1e6);

  explicit Waveform(const Params& p)
      : rate_(static_cast<int>(p.integer("rate"))),
        min_seconds_(p.number("min_seconds")),
        max_seconds_(p.number("max_seconds")) {}

  NewTensor process(const Call& call, const Audio& audio) const {
    const std::string where = audio.is_file() ? std::string(audio.path()) + ": " : "the recording: ";
    try {
      const Recording made = resampled(mixed_to_mono(given(audio)), rate_);
      if (made.seconds() < min_seconds_) {
        throw RecordingError("it lasts " + std::to_string(made.seconds()) + " s, at least " +
                             std::to_string(min_seconds_) + " s are wanted");
      }
      NewTensor out = call.tensor(MOTET_F32, {static_cast<std::int64_t>(made.samples.size())});
      std::copy(made.samples.begin(), made.samples.end(), out.floats().begin());
      return out;
    } catch (const RecordingError& error) {
      throw ItemError(where + error.what(), "in.audio");
    }
  }

 private:
  Recording given(const Audio& audio) const {
    if (audio.is_file()) return read_recording(std::string(audio.path()), max_seconds_);
    if (audio.channels() < 1 || audio.rate_hz() < 1) throw RecordingError("it has no channels or no rate");
    Recording out{{audio.samples().begin(), audio.samples().end()},
                  static_cast<int>(audio.channels()),
                  static_cast<int>(audio.rate_hz())};
    if (out.frames() == 0) throw RecordingError("it holds no sound");
    if (out.seconds() > max_seconds_)
      throw RecordingError("it lasts " + std::to_string(out.seconds()) + " s, at most " + std::to_string(max_seconds_) +
                           " s are taken here");
    refuse_non_finite(out);
    return out;
  }

  int rate_;
  double min_seconds_;
  double max_seconds_;
};
}  // namespace
}  // namespace motet::audio

MOTET_PLUGIN("audio", "1.0.0", motet::audio::Waveform)
