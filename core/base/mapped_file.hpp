// A file mapped read-only into memory; lives as long as anything that points into it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

namespace motet::base {

class MappedFile {
 public:
  // Throws Error(user) where the file is missing, not a regular file, or cannot be read.
  explicit MappedFile(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  std::span<const std::byte> bytes() const { return {static_cast<const std::byte*>(data_), size_bytes_}; }
  const std::filesystem::path& path() const { return path_; }

 private:
  void close() noexcept;

  std::filesystem::path path_;
  void* data_ = nullptr;
  std::size_t size_bytes_ = 0;
};

// The whole file as bytes. Throws Error(user) as above, and where it is larger than `most_bytes`.
std::string read_file(const std::filesystem::path& path, std::size_t most_bytes = std::size_t{1} << 30);

}  // namespace motet::base
