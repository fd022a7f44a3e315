// A file as libsndfile reads it. The library takes what the system cannot read for what is not there, and then says
// that the recording is damaged; this remembers what the system said.
#pragma once

#include <sndfile.h>

#include <string>

namespace motet::audio {

class SoundFile {
 public:
  // Throws RecordingError.
  explicit SoundFile(const std::string& path);
  ~SoundFile();
  SoundFile(const SoundFile&) = delete;
  SoundFile& operator=(const SoundFile&) = delete;

  SNDFILE* get() const { return sound_; }
  const SF_INFO& info() const { return info_; }
  // Throws RecordingError where something could not be read so far.
  void check() const;

 private:
  static SF_VIRTUAL_IO functions();
  static SoundFile& of(void* self) { return *static_cast<SoundFile*>(self); }

  int file_;
  int error_ = 0;  // of the system
  SF_INFO info_{};
  SNDFILE* sound_ = nullptr;
};

}  // namespace motet::audio
