#include "audio/sound_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <new>
#include <system_error>

#include "audio/recording.hpp"

namespace motet::audio {
namespace {

[[noreturn]] void unreadable(int error) {
  if (error == ENOMEM) throw std::bad_alloc();
  throw RecordingError("it cannot be read: " + std::generic_category().message(error));
}
}  // namespace

SF_VIRTUAL_IO SoundFile::functions() {
  SF_VIRTUAL_IO out{};
  out.get_filelen = [](void* self) -> sf_count_t {
    struct stat about{};
    return ::fstat(of(self).file_, &about) == 0 ? about.st_size : -1;
  };
  out.seek = [](sf_count_t to, int from, void* self) -> sf_count_t { return ::lseek(of(self).file_, to, from); };
  out.tell = [](void* self) -> sf_count_t { return ::lseek(of(self).file_, 0, SEEK_CUR); };
  out.read = [](void* to, sf_count_t count, void* self) -> sf_count_t {
    SoundFile& sound = of(self);
    sf_count_t done = 0;
    while (done < count) {
      const ssize_t got = ::read(sound.file_, static_cast<char*>(to) + done, static_cast<std::size_t>(count - done));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0 && sound.error_ == 0) sound.error_ = errno;
      if (got <= 0) break;
      done += got;
    }
    return done;
  };
  return out;
}

SoundFile::SoundFile(const std::string& path) : file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
  if (file_ < 0) unreadable(errno);
  SF_VIRTUAL_IO io = functions();
  errno = 0;
  sound_ = sf_open_virtual(&io, SFM_READ, &info_, this);
  if (sound_ != nullptr) return;
  const int error = errno;
  ::close(file_);
  check();
  if (error == ENOMEM) throw std::bad_alloc();
  std::string reason = sf_strerror(nullptr);
  while (!reason.empty() && (reason.back() == '.' || reason.back() == '\n')) reason.pop_back();
  throw RecordingError("it is no recording that can be read here (" + reason + "); WAV, FLAC, OGG and MP3 can");
}

SoundFile::~SoundFile() {
  sf_close(sound_);
  ::close(file_);
}

void SoundFile::check() const {
  if (error_ != 0) unreadable(error_);
}

}  // namespace motet::audio
