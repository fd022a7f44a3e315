// Where what takes long to make is kept from one run to the next: <cache>/motet/vulkan.
#pragma once

#include <filesystem>
#include <span>
#include <vector>

namespace motet::device::vulkan {

// Empty where there is no place for it.
std::filesystem::path cache_folder();

// Empty where the file cannot be read.
std::vector<char> read_cached(const std::filesystem::path& file);

// Whole or not at all, also where others write the same file. False where it could not be written, which costs time at
// the next start and nothing else.
bool write_cached(const std::filesystem::path& file, std::span<const char> bytes);

}  // namespace motet::device::vulkan
