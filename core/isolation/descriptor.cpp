#include "isolation/descriptor.hpp"

#include <fcntl.h>
#include <sys/mman.h>

#include <cerrno>
#include <string>
#include <system_error>

#include "base/error.hpp"

namespace motet::isolation {

void system_failed(const char* what) {
  const std::string why = std::system_category().message(errno);
  base::fail(base::ErrorKind::environment, std::string(what) + " failed: " + why);
}

Descriptor memory_file(const char* name, std::size_t size_bytes) {
  Descriptor file(::memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (file.number() < 0) system_failed("memfd_create");
  if (::ftruncate(file.number(), static_cast<off_t>(size_bytes)) != 0) system_failed("ftruncate of shared memory");
  if (::fcntl(file.number(), F_ADD_SEALS, F_SEAL_SHRINK) != 0) system_failed("sealing shared memory");
  return file;
}

Descriptor read_only(const Descriptor& file) {
  const std::string path = "/proc/self/fd/" + std::to_string(file.number());
  Descriptor made(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (made.number() < 0) system_failed("opening shared memory");
  return made;
}

}  // namespace motet::isolation
