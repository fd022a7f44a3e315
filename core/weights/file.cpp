#include "weights/file.hpp"

#include <array>
#include <cstring>
#include <system_error>

#include "base/error.hpp"
#include "base/folder.hpp"
#include "base/mapped_file.hpp"
#include "weights/gguf.hpp"
#include "weights/layout.hpp"
#include "weights/safetensors.hpp"

namespace motet::weights {
namespace {

namespace fs = std::filesystem;

bool starts_with_gguf_magic(const fs::path& path) {
  const base::MappedFile file(path);
  return file.bytes().size() >= 4 && std::memcmp(file.bytes().data(), "GGUF", 4) == 0;
}

Contents read_file(const fs::path& path) {
  const std::string extension = path.extension().string();
  if (extension == ".gguf" || starts_with_gguf_magic(path)) return read_gguf(path);
  if (extension == ".safetensors") return read_safetensors(path);
  if (extension == ".json") {
    // An index is named by mistake or on purpose; a config.json is only ever a mistake.
    if (path.filename().string().ends_with(".safetensors.index.json")) return read_safetensors_index(path);
    refuse(path, "is not a weights file", "name its folder, or the .safetensors or .gguf file in it");
  }
  refuse(path, "is neither safetensors nor GGUF",
         "convert it to one of them, and keep the ending .safetensors or .gguf");
}

// The only .gguf of a folder, empty where there is none. Throws fs::filesystem_error where it cannot be listed.
fs::path single_gguf(const fs::path& folder) {
  fs::path found;
  for (const fs::path& file : base::files_in(folder)) {
    if (file.extension() != ".gguf") continue;
    if (!found.empty()) refuse(folder, "holds several .gguf files", "name one of them");
    found = file;
  }
  return found;
}

Contents read_folder(const fs::path& folder) {
  std::error_code ignored;
  if (fs::exists(folder / "model.safetensors", ignored)) return read_safetensors(folder / "model.safetensors");
  const fs::path index = folder / "model.safetensors.index.json";
  if (fs::exists(index, ignored)) return read_safetensors_index(index);
  const fs::path gguf = single_gguf(folder);
  if (!gguf.empty()) return read_gguf(gguf);
  constexpr std::array kOthers = {"pytorch_model.bin", "pytorch_model.bin.index.json", "tf_model.h5", "model.onnx"};
  for (const char* other : kOthers) {
    if (fs::exists(folder / other, ignored)) {
      refuse(folder, std::string("holds ") + other + " but no model.safetensors", "convert it to safetensors");
    }
  }
  refuse(folder, "holds no model.safetensors, model.safetensors.index.json or .gguf file",
         "name the folder that has one");
}

}  // namespace

File::File(fs::path path, Contents contents) : path_(std::move(path)), contents_(std::move(contents)) {
  names_.reserve(contents_.entries.size());
  index_.reserve(contents_.entries.size());
  for (std::size_t i = 0; i < contents_.entries.size(); ++i) {
    const std::string& name = contents_.entries[i].view.name;
    if (name.empty()) refuse(path_, "a tensor has no name", "the file is damaged, get it again");
    if (!index_.emplace(name, i).second) {
      refuse(path_, "the tensor " + in_quotes(name) + " is there twice", "the file is damaged, get it again");
    }
    names_.push_back(name);
  }
}

const TensorView* File::find(std::string_view name) const {
  const auto found = index_.find(name);
  if (found == index_.end()) return nullptr;
  const Entry& entry = contents_.entries[found->second];
  if (!entry.problem.empty()) {
    const std::size_t colon = entry.problem.find(": ");
    refuse(path_, "the tensor " + in_quotes(name) + " " + entry.problem.substr(0, colon),
           colon == std::string::npos ? "" : entry.problem.substr(colon + 2));
  }
  return &entry.view;
}

std::shared_ptr<const File> open(const fs::path& path) {
  std::error_code ignored;
  const bool folder = fs::is_directory(path, ignored);
  return std::make_shared<const File>(path, folder ? read_folder(path) : read_file(path));
}

}  // namespace motet::weights
