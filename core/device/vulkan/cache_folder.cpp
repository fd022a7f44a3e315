#include "device/vulkan/cache_folder.hpp"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

namespace motet::device::vulkan {

std::filesystem::path cache_folder() {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  const char* home = std::getenv("HOME");
  std::filesystem::path folder;
  if (cache != nullptr && *cache == '/') {
    folder = cache;
  } else if (home != nullptr && *home == '/') {
    folder = std::filesystem::path(home) / ".cache";
  } else {
    return {};
  }
  return folder / "motet" / "vulkan";
}

std::vector<char> read_cached(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  try {
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  } catch (const std::ios_base::failure&) {  // what cannot be read is not there
    return {};
  }
}

bool write_cached(const std::filesystem::path& file, std::span<const char> bytes) {
  std::error_code error;
  std::filesystem::create_directories(file.parent_path(), error);
  std::filesystem::path part = file;
  part += "." + std::to_string(getpid()) + ".part";
  {
    std::ofstream out(part, std::ios::binary);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.close();
    if (!out) {
      std::filesystem::remove(part, error);
      return false;
    }
  }
  std::filesystem::rename(part, file, error);
  return !error;
}

}  // namespace motet::device::vulkan
