// Goldens in NumPy's file format: float32, little-endian, row-major.
#pragma once

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace motet::test {

struct Array {
  std::vector<std::size_t> shape;
  std::vector<float> values;

  // What the leading indices select: row(2) of [a, b, c] is [b, c] flattened.
  std::span<const float> row(std::size_t index) const {
    const std::size_t size = values.size() / shape.at(0);
    return std::span<const float>(values).subspan(index * size, size);
  }
};

// Throws std::runtime_error where the file is absent or of another kind.
inline Array read_npy(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  const auto refuse = [&](const char* why) { throw std::runtime_error(path.string() + ": " + why); };
  if (bytes.size() < 10 || bytes.compare(0, 8, std::string("\x93NUMPY\x01\0", 8)) != 0)
    refuse("not a NumPy file of version 1.0");
  const std::size_t header_size = static_cast<unsigned char>(bytes[8]) + 256u * static_cast<unsigned char>(bytes[9]);
  if (bytes.size() < 10 + header_size) refuse("truncated");
  const std::string header = bytes.substr(10, header_size);
  if (header.find("'<f4'") == std::string::npos || header.find("'fortran_order': False") == std::string::npos)
    refuse("not float32 in rows");
  Array out;
  std::size_t count = 1;
  const std::size_t end = header.find(')');
  for (std::size_t at = header.find('(') + 1; at < end; at = std::min(header.find(',', at), end) + 1) {
    const std::string number = header.substr(at, std::min(header.find(',', at), end) - at);
    if (number.find_first_of("0123456789") == std::string::npos) continue;
    out.shape.push_back(std::stoul(number));
    count *= out.shape.back();
  }
  if (bytes.size() != 10 + header_size + count * sizeof(float)) refuse("its size does not fit its shape");
  out.values.resize(count);
  std::memcpy(out.values.data(), bytes.data() + 10 + header_size, count * sizeof(float));
  return out;
}

}  // namespace motet::test
