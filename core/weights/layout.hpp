// Checks that every format of weights shares: sizes that cannot overflow, tensors that do not lie on each other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tensor/dtype.hpp"
#include "tensor/shape.hpp"
#include "weights/file.hpp"

namespace motet::weights {

// Throws Error(user) "path: what", with what to do as its help.
[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& what, const std::string& help);

// Bytes of a tensor; nothing where a size is negative, the product overflows, or the last dimension is not whole
// blocks.
std::optional<std::uint64_t> checked_size_bytes(std::int64_t block_elements, std::uint64_t block_bytes,
                                                const tensor::Shape& shape);

// A tensor's bytes within the data section.
struct Extent {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  std::size_t entry = 0;
};
// Refuses two extents that share a byte. Sorts them.
void refuse_overlaps(const std::filesystem::path& path, std::vector<Extent>& extents,
                     const std::vector<Entry>& entries);

// Sets the entry's problem where its bytes cannot be read in place.
void check_alignment(Entry& entry);

// A name as a message shows it: quoted, shortened, and without control characters.
std::string in_quotes(std::string_view name);

}  // namespace motet::weights
