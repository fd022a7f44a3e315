#include "cli/standard_output.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "base/error.hpp"

namespace motet::cli {

void StandardOutput::write(std::string_view bytes) {
  if (!bytes.empty()) last_ = bytes.back();
  while (!bytes.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (written >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EPIPE) {
      throw ReaderGone{};
    } else if (errno != EINTR) {
      base::fail(base::ErrorKind::environment,
                 std::string("the standard output cannot be written: ") + std::strerror(errno));
    }
  }
}

void StandardOutput::end_line() {
  if (last_ != '\n') write("\n");
}

}  // namespace motet::cli
