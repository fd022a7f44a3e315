#include "report/output_folder.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.hpp"
#include "report/npy.hpp"
#include "report/values.hpp"

namespace motet::report {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void cannot(const fs::path& path, const std::string& why) {
  base::fail(base::ErrorKind::environment, path.string() + ": cannot be written: " + why);
}

// A file that is gone again unless it was kept.
class PartFile {
 public:
  // `blamed`: what a message says cannot be written.
  PartFile(const fs::path& final_path, const fs::path& blamed)
      : path_(final_path.parent_path() /
              ("." + final_path.filename().string() + "." + std::to_string(::getpid()) + ".part")),
        descriptor_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)) {
    if (descriptor_ < 0) cannot(blamed, std::strerror(errno));
  }
  ~PartFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (!path_.empty()) ::unlink(path_.c_str());
  }
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  void write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) cannot(path_, std::strerror(errno));
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  void keep_as(const fs::path& path) {
    const int closed = ::close(descriptor_);
    descriptor_ = -1;
    if (closed != 0 || ::rename(path_.c_str(), path.c_str()) != 0) cannot(path, std::strerror(errno));
    path_.clear();
  }

 private:
  fs::path path_;
  int descriptor_;
};

}  // namespace

void require_writable(const fs::path& folder) {
  const fs::path there = folder.empty() ? fs::path(".") : folder;
  const PartFile probe(there / "motet", there);
}

void write_file(const fs::path& path, std::string_view bytes) {
  PartFile file(path, path);
  file.write(bytes);
  file.keep_as(path);
}

OutputFolder::OutputFolder(fs::path folder) : folder_(std::move(folder)) {
  std::error_code error;
  fs::create_directories(folder_, error);
  if (error) cannot(folder_, error.message());
  require_writable(folder_);
}

std::vector<std::string> OutputFolder::write(const std::string& name, const value::Value& value) const {
  const auto put = [&](const std::string& file, std::string_view bytes) {
    write_file(folder_ / file, bytes);
    return (folder_ / file).string();
  };
  if (value.kind() == value::Kind::text) return {put(name + ".txt", value_text(value))};
  if (value.kind() == value::Kind::tensor) return {put(name + ".npy", npy_bytes(value.tensor()))};
  if (value.kind() != value::Kind::list || value.list().empty() ||
      value.list().front()->kind() != value::Kind::tensor) {
    return {put(name + ".json", json_line(value))};
  }
  std::vector<std::string> files;
  for (const value::Ref& one : value.list()) {
    files.push_back(put(name + "." + std::to_string(files.size()) + ".npy", npy_bytes(one->tensor())));
  }
  return files;
}

}  // namespace motet::report
