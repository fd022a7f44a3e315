#include "audio/cut_off.hpp"

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <new>
#include <system_error>

namespace motet::audio {
namespace {

std::uint32_t little_endian(const char* bytes) {
  unsigned char b[4];
  std::memcpy(b, bytes, 4);
  return static_cast<std::uint32_t>(b[0]) | static_cast<std::uint32_t>(b[1]) << 8 |
         static_cast<std::uint32_t>(b[2]) << 16 | static_cast<std::uint32_t>(b[3]) << 24;
}
}  // namespace

std::string cut_off(const std::string& path) {
  constexpr std::uint32_t kUnknown = 0xFFFFFFFF;  // what programs write that cannot go back to the header
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  const auto refused = [] {
    if (errno == ENOMEM) throw std::bad_alloc();
    return "it cannot be read: " + std::generic_category().message(errno);
  };
  if (!file) return refused();
  const auto size = static_cast<std::uint64_t>(file.tellg());
  file.seekg(0);
  char header[12];
  const bool whole = static_cast<bool>(file.read(header, sizeof header));
  if (file.bad()) return refused();
  if (!whole || std::memcmp(header, "RIFF", 4) != 0 || std::memcmp(header + 8, "WAVE", 4) != 0) return {};
  std::uint64_t at = sizeof header;
  char chunk[8];
  while (file.seekg(static_cast<std::streamoff>(at)) && file.read(chunk, sizeof chunk)) {
    const std::uint32_t length = little_endian(chunk + 4);
    at += sizeof chunk;
    if (std::memcmp(chunk, "data", 4) == 0) {
      if (length == kUnknown || at + length <= size) return {};
      return "it is cut off: its header promises " + std::to_string(length) + " bytes of sound, " +
             std::to_string(size - at) + " are there";
    }
    at += std::uint64_t{length} + length % 2;
  }
  return file.bad() ? refused() : "it is cut off before its sound begins";
}

}  // namespace motet::audio
