// What a mapped file's last page has behind the file's end reads as zeros and is nobody's: the sanitizer is told so.
// The program is linked with --wrap=mmap and --wrap=munmap.
#include <sanitizer/asan_interface.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>

namespace {

char* end_of(void* data, std::size_t size) { return static_cast<char*>(data) + size; }

std::size_t rest_of_page(std::size_t size) {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  return (page - size % page) % page;
}
}  // namespace

// NOLINTBEGIN(readability-identifier-naming): the linker's names
extern "C" {
void* __real_mmap(void* where, std::size_t size, int protection, int flags, int file, off_t offset);
int __real_munmap(void* data, std::size_t size);

void* __wrap_mmap(void* where, std::size_t size, int protection, int flags, int file, off_t offset) {
  void* data = __real_mmap(where, size, protection, flags, file, offset);
  if (data != MAP_FAILED) ASAN_POISON_MEMORY_REGION(end_of(data, size), rest_of_page(size));
  return data;
}

int __wrap_munmap(void* data, std::size_t size) {
  ASAN_UNPOISON_MEMORY_REGION(end_of(data, size), rest_of_page(size));
  return __real_munmap(data, size);
}
}
// NOLINTEND(readability-identifier-naming)
