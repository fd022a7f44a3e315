#include "spec/missing_path.hpp"

#include <algorithm>
#include <system_error>
#include <vector>

#include "base/folder.hpp"
#include "base/nearest.hpp"

namespace motet::spec {

namespace fs = std::filesystem;

std::string missing_path_help(const fs::path& path) {
  std::error_code ignored;
  fs::path missing = path.has_filename() ? path : path.parent_path();  // "models/" names the folder
  fs::path folder = missing.parent_path();
  while (!folder.empty() && folder != folder.parent_path() && !fs::exists(folder, ignored)) {
    missing = folder;
    folder = folder.parent_path();
  }
  std::vector<std::string> names;
  try {
    for (const fs::path& one : base::files_in(folder.empty() ? "." : folder)) names.push_back(one.filename().string());
  } catch (const fs::filesystem_error&) {
    names.clear();  // then there is nothing to suggest
  }
  std::sort(names.begin(), names.end());
  const std::vector<std::string> near = base::nearest(missing.filename().string(), names);
  if (!near.empty()) return "did you mean '" + near.front() + "'?";
  const std::string begins =
      "a path in a pipeline begins in the folder of its file, one of --set in the current folder";
  return missing != path ? "there is no folder " + missing.string() + "; " + begins : begins;
}

}  // namespace motet::spec
