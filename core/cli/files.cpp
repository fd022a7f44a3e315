#include "cli/files.hpp"

#include <glob.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>

#include "base/error.hpp"
#include "cli/signals.hpp"

namespace motet::cli {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void wrong(const std::string& message, std::string help = {}) {
  base::fail(base::ErrorKind::user, message, std::move(help));
}

std::vector<std::string> files_in(const fs::path& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    std::error_code ignored;
    if (at->is_regular_file(ignored) && !at->path().filename().string().starts_with('.'))
      files.push_back(at->path().string());
  }
  if (error) wrong(folder.string() + ": the folder cannot be read: " + error.message());
  std::sort(files.begin(), files.end());
  if (files.empty()) wrong(folder.string() + ": the folder holds no files");
  return files;
}

std::vector<std::string> files_like(const std::string& pattern) {
  glob_t found{};
  const int status = ::glob(pattern.c_str(), 0, nullptr, &found);
  const std::unique_ptr<glob_t, void (*)(glob_t*)> release(&found, ::globfree);
  std::vector<std::string> files;
  for (std::size_t i = 0; status == 0 && i < found.gl_pathc; ++i) {
    std::error_code ignored;
    if (fs::is_regular_file(found.gl_pathv[i], ignored)) files.emplace_back(found.gl_pathv[i]);
  }
  if (files.empty()) wrong(pattern + ": no file matches");
  return files;
}

}  // namespace

std::optional<std::vector<std::string>> several_files(const std::string& path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) return files_in(path);
  if (fs::exists(path, ignored)) return std::nullopt;
  if (path.find_first_of("*?[") == std::string::npos) return std::nullopt;
  return files_like(path);
}

void require_file(const std::string& path, const std::string& what) {
  if (::access(path.c_str(), R_OK) == 0) return;
  wrong(what + ": " + path + ": " + (errno == ENOENT ? "no such file" : std::strerror(errno)));
}

std::string read_standard_input() {
  std::string out;
  std::array<char, 65536> block;
  while (true) {
    const ssize_t count = ::read(STDIN_FILENO, block.data(), block.size());
    if (count == 0) return out;
    if (count > 0) {
      out.append(block.data(), static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      wrong(std::string("stdin cannot be read: ") + std::strerror(errno));
    }
    if (cancelled()) base::fail(base::ErrorKind::cancelled, "cancelled");
  }
}

}  // namespace motet::cli
