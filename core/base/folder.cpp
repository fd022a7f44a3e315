#include "base/folder.hpp"

#include <dirent.h>

#include <cerrno>
#include <memory>
#include <string_view>

namespace motet::base {
namespace {

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

[[noreturn]] void refused(const std::filesystem::path& folder) {
  const std::error_code error(errno, std::generic_category());
  throw std::filesystem::filesystem_error("cannot list the folder", folder, error);
}

}  // namespace

std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder) {
  const std::unique_ptr<DIR, CloseFolder> open(::opendir(folder.c_str()));
  if (!open) refused(folder);
  std::vector<std::filesystem::path> out;
  while (true) {
    errno = 0;
    const dirent* entry = ::readdir(open.get());
    if (entry == nullptr && errno != 0) refused(folder);
    if (entry == nullptr) return out;
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") out.push_back(folder / name);
  }
}

}  // namespace motet::base
