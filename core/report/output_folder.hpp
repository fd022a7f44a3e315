// Results as files: whole or not at all.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "value/value.hpp"

namespace motet::report {

// Throws base::Error(environment) where no file can be made in the folder.
void require_writable(const std::filesystem::path& folder);

// Under another name first, then renamed: a reader sees the old file or the new one. Throws base::Error(environment).
void write_file(const std::filesystem::path& path, std::string_view bytes);

class OutputFolder {
 public:
  // Makes the folder where it is missing. Throws base::Error(environment).
  explicit OutputFolder(std::filesystem::path folder);

  // NAME.txt for a text, NAME.npy for a tensor, NAME.0.npy, NAME.1.npy... for a list of them, NAME.json for others.
  // Returns the paths.
  std::vector<std::string> write(const std::string& name, const value::Value& value) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace motet::report
