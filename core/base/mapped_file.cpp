#include "base/mapped_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "base/system_failure.hpp"

namespace motet::base {
namespace {

[[noreturn]] void cannot(const std::filesystem::path& path, const std::string& why) {
  fail(ErrorKind::user, path.string() + ": " + why);
}

// What the system says of it, after `doing`.
[[noreturn]] void refused(const std::filesystem::path& path, const std::string& doing = {}) {
  const std::error_code error(errno, std::generic_category());
  fail(kind_of(error), path.string() + ": " + doing +
                           (error == std::errc::no_such_file_or_directory ? "no such file" : error.message()));
}

// An open descriptor, closed on every way out.
struct Descriptor {
  int number;
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
};

}  // namespace

MappedFile::MappedFile(const std::filesystem::path& path) : path_(path) {
  // O_NONBLOCK: a named pipe is refused below instead of waiting for its writer.
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (file.number < 0) refused(path);
  struct stat about{};
  if (::fstat(file.number, &about) != 0) refused(path);
  if (!S_ISREG(about.st_mode)) cannot(path, S_ISDIR(about.st_mode) ? "is a folder, not a file" : "is not a file");
  size_bytes_ = static_cast<std::size_t>(about.st_size);
  if (size_bytes_ == 0) return;  // mmap refuses an empty range
  void* data = ::mmap(nullptr, size_bytes_, PROT_READ, MAP_PRIVATE, file.number, 0);
  if (data == MAP_FAILED) refused(path, "cannot be mapped: ");
  data_ = data;
}

MappedFile::~MappedFile() { close(); }

MappedFile::MappedFile(MappedFile&& other) noexcept
    : path_(std::move(other.path_)),
      data_(std::exchange(other.data_, nullptr)),
      size_bytes_(std::exchange(other.size_bytes_, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  if (this != &other) {
    close();
    path_ = std::move(other.path_);
    data_ = std::exchange(other.data_, nullptr);
    size_bytes_ = std::exchange(other.size_bytes_, 0);
  }
  return *this;
}

void MappedFile::close() noexcept {
  if (data_ != nullptr) ::munmap(data_, size_bytes_);
  data_ = nullptr;
}

std::string read_file(const std::filesystem::path& path, std::size_t most_bytes) {
  const MappedFile file(path);
  if (file.bytes().size() > most_bytes) {
    cannot(path, "is larger than " + std::to_string(most_bytes) + " bytes, the most that is read here");
  }
  return {reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()};
}

}  // namespace motet::base
