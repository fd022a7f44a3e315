#include "host/document.hpp"

#include <algorithm>
#include <mutex>
#include <new>
#include <span>
#include <unordered_map>

#include "base/error.hpp"
#include "base/folder.hpp"
#include "base/mapped_file.hpp"
#include "base/nearest.hpp"

namespace motet::host {

namespace fs = std::filesystem;

namespace {

constexpr std::uint32_t kIndexedFrom = 16;  // below, looking at each key is as quick

struct IndexedMap final : Branch {
  IndexedMap(const motet_node* first, std::uint32_t count) : first_(first), count_(count) {}
  const motet_node* children() override { return first_; }
  const motet_node* find(std::string_view key) override {
    std::call_once(once_, [&] {
      index_.reserve(count_);
      for (std::uint32_t i = 0; i < count_; ++i)
        index_.emplace(std::string_view(first_[i].key, first_[i].key_size), first_ + i);
    });
    const auto found = index_.find(key);
    return found == index_.end() ? nullptr : found->second;
  }

 private:
  const motet_node* first_;
  std::uint32_t count_;
  std::once_flag once_;
  std::unordered_map<std::string_view, const motet_node*> index_;
};

enum class Format { yaml, json, gguf };

Format format_of(const fs::path& path) {
  const base::MappedFile file(path);
  const std::span<const std::byte> head = file.bytes().first(std::min<std::size_t>(file.bytes().size(), 64));
  const std::string_view begin(reinterpret_cast<const char*>(head.data()), head.size());
  if (begin.substr(0, 4) == "GGUF") return Format::gguf;
  std::string extension = path.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (extension == ".json") return Format::json;
  if (extension == ".yaml" || extension == ".yml") return Format::yaml;
  if (extension == ".gguf") return Format::gguf;  // its reader says what is wrong with it
  const std::size_t first = begin.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && (begin[first] == '{' || begin[first] == '[') ? Format::json : Format::yaml;
}

bool is_container(const motet_node& node) { return node.kind == MOTET_NODE_LIST || node.kind == MOTET_NODE_MAP; }

bool is_yaml_path(std::string_view name) { return name.ends_with(".yaml") || name.ends_with(".yml"); }

}  // namespace

motet_node* Document::make_nodes(std::size_t count) {
  void* memory = memory_.allocate(std::max<std::size_t>(count, 1) * sizeof(motet_node), alignof(motet_node));
  auto* nodes = static_cast<motet_node*>(memory);
  for (std::size_t i = 0; i < count; ++i) new (nodes + i) motet_node;
  return nodes;
}

void Document::finish_map(motet_node& node) {
  if (node.size < kIndexedFrom) return;
  branches_.push_back(std::make_unique<IndexedMap>(node.children, node.size));
  node.branch = branches_.back().get();
  node.large = true;
}

std::unique_ptr<Document> Document::open(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) base::fail(base::ErrorKind::user, path.string() + ": there is no such file");
  if (!fs::is_regular_file(status)) base::fail(base::ErrorKind::user, path.string() + ": it is not a file");
  switch (format_of(path)) {
    case Format::json:
      return open_json(path);
    case Format::gguf:
      return open_gguf_metadata(path);
    case Format::yaml:
      break;
  }
  return open_yaml(path);
}

const motet_node* child_at(const motet_node& node, std::size_t index) {
  if (!is_container(node) || index >= node.size) return nullptr;
  return (node.large ? node.branch->children() : node.children) + index;
}

const motet_node* child_by_key(const motet_node& map, std::string_view key) {
  if (map.kind != MOTET_NODE_MAP) return nullptr;
  if (map.large) return map.branch->find(key);
  for (std::uint32_t i = 0; i < map.size; ++i) {
    const motet_node& child = map.children[i];
    if (std::string_view(child.key, child.key_size) == key) return &child;
  }
  return nullptr;
}

fs::path family_file(std::string_view name, const fs::path& data_folder, const fs::path& folder) {
  if (is_yaml_path(name)) {
    const fs::path own(name);
    return own.is_absolute() || folder.empty() ? own : folder / own;
  }
  const fs::path families = data_folder / "families";
  const fs::path file = families / (std::string(name) + ".yaml");
  std::error_code error;
  // A name with slashes must not lead out of the folder.
  if (name.find('/') == std::string_view::npos && fs::is_regular_file(file, error)) return file;
  std::vector<std::string> known;
  if (fs::is_directory(families, error)) {
    for (const fs::path& one : base::files_in(families)) {
      if (one.extension() == ".yaml") known.push_back(one.stem().string());
    }
  }
  std::sort(known.begin(), known.end());
  const std::string hint = base::suggestion(name, known);
  base::fail(base::ErrorKind::user,
             "there is no family '" + std::string(name) + "'" + (hint.empty() ? "" : "; " + hint),
             "a family of your own is the path of a .yaml file");
}

}  // namespace motet::host
