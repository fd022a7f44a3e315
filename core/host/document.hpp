// A file as a tree: YAML, JSON, or the metadata of a GGUF file. `motet_document` of the contract.
#pragma once

#include <motet/abi.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <memory_resource>
#include <string>
#include <string_view>
#include <vector>

// The contract's name for a document; its header only declares it.
struct motet_document {};

namespace motet::host {
struct Branch;
}

// A node of the tree, `motet_node` of the contract. Keys and strings point into the document.
struct motet_node {
  motet_node_kind kind = MOTET_NODE_NULL;
  std::uint32_t size = 0;  // bytes of a string; children of a list or map
  union {
    std::int64_t integer = 0;  // bool and integer
    double number;
    const char* text;
    const motet_node* children;   // consecutive
    motet::host::Branch* branch;  // of a large list or map
  };
  const char* key = nullptr;  // in a map
  std::uint32_t key_size = 0;
  bool large = false;  // `branch` rather than `children`
};

namespace motet::host {

// What a large list or map makes when it is first looked into, once, whichever thread comes first: children that were
// not made yet, or an index of the keys.
struct Branch {
  virtual ~Branch() = default;
  virtual const motet_node* children() = 0;
  virtual const motet_node* find(std::string_view key) = 0;
};

// Immutable for its readers; any thread.
class Document : public ::motet_document {
 public:
  // Which of the three it is, the file says: its magic number, its name, then how it begins. Throws Error(user), one
  // line "path:line:column: what is wrong" where there is a place.
  static std::unique_ptr<Document> open(const std::filesystem::path& path);
  virtual ~Document() = default;
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;

  const motet_node& root() const { return root_; }

 protected:
  Document() = default;
  motet_node* make_nodes(std::size_t count);  // freed with the document
  // Maps with many keys get an index. `node` has its children.
  void finish_map(motet_node& node);

  motet_node root_;
  std::pmr::monotonic_buffer_resource memory_;
  std::vector<std::unique_ptr<Branch>> branches_;
};

std::unique_ptr<Document> open_yaml(const std::filesystem::path& path);
std::unique_ptr<Document> open_json(const std::filesystem::path& path);
std::unique_ptr<Document> open_gguf_metadata(const std::filesystem::path& path);

// nullptr outside, or where the node has no children.
const motet_node* child_at(const motet_node& node, std::size_t index);
const motet_node* child_by_key(const motet_node& map, std::string_view key);

// The YAML file of "family:NAME": families/NAME.yaml in the plugin's data folder, or NAME itself where it is the path
// of a YAML file (relative: from `folder`). Throws Error(user) with the nearest names where there is none.
std::filesystem::path family_file(std::string_view name, const std::filesystem::path& data_folder,
                                  const std::filesystem::path& folder);

}  // namespace motet::host
