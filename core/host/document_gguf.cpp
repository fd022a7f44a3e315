// The key-values of a GGUF file as a document: one flat map with the file's own keys. Lists (vocabularies) become nodes
// only when they are looked into, since most readers want a few numbers.
#include <mutex>

#include "base/error.hpp"
#include "host/document.hpp"
#include "weights/gguf.hpp"

namespace motet::host {
namespace {

using weights::MetadataEntry;
using weights::MetadataType;

void set_string(motet_node& to, std::string_view text) {
  to.kind = MOTET_NODE_STRING;
  to.size = static_cast<std::uint32_t>(text.size());
  to.text = text.data();
}

// Fills `count` nodes with the elements of an entry; a scalar is an entry of one.
void fill(const MetadataEntry& entry, motet_node* nodes) {
  if (entry.element == MetadataType::string) {
    for (const std::string_view text : weights::strings_of(entry)) set_string(*nodes++, text);
    return;
  }
  if (weights::is_integer(entry.element) || entry.element == MetadataType::boolean) {
    const motet_node_kind kind =
        entry.element == MetadataType::boolean ? motet_node_kind{MOTET_NODE_BOOL} : motet_node_kind{MOTET_NODE_INTEGER};
    for (const std::int64_t integer : weights::ints_of(entry)) {
      nodes->kind = kind;
      (nodes++)->integer = integer;
    }
    return;
  }
  for (const double number : weights::floats_of(entry)) {
    nodes->kind = MOTET_NODE_NUMBER;
    (nodes++)->number = number;
  }
}

struct LazyList final : Branch {
  explicit LazyList(const MetadataEntry* entry) : entry_(entry) {}
  const motet_node* children() override {
    std::call_once(once_, [&] {
      nodes_.resize(entry_->count);
      try {
        fill(*entry_, nodes_.data());
      } catch (const base::Error&) {
        // A number beyond 63 bits: readers see nulls rather than an exception where none can be told.
        nodes_.assign(entry_->count, motet_node{});
      }
    });
    return nodes_.data();
  }
  const motet_node* find(std::string_view) override { return nullptr; }

 private:
  const MetadataEntry* entry_;
  std::once_flag once_;
  std::vector<motet_node> nodes_;
};

class GgufDocument final : public Document {
 public:
  explicit GgufDocument(std::shared_ptr<const weights::Metadata> metadata) : metadata_(std::move(metadata)) {
    const std::vector<MetadataEntry>& entries = metadata_->entries();
    motet_node* children = make_nodes(entries.size());
    for (std::size_t i = 0; i < entries.size(); ++i) convert(entries[i], children[i]);
    root_.kind = MOTET_NODE_MAP;
    root_.size = static_cast<std::uint32_t>(entries.size());
    root_.children = children;
    finish_map(root_);
  }

 private:
  void convert(const MetadataEntry& entry, motet_node& to) {
    if (entry.is_list()) {
      to.kind = MOTET_NODE_LIST;
      to.size = static_cast<std::uint32_t>(entry.count);
      branches_.push_back(std::make_unique<LazyList>(&entry));
      to.branch = branches_.back().get();
      to.large = true;
    } else {
      fill(entry, &to);
    }
    to.key = entry.key.data();
    to.key_size = static_cast<std::uint32_t>(entry.key.size());
  }

  std::shared_ptr<const weights::Metadata> metadata_;  // holds the mapping that strings point into
};

}  // namespace

std::unique_ptr<Document> open_gguf_metadata(const std::filesystem::path& path) {
  return std::make_unique<GgufDocument>(weights::Metadata::open(path));
}

}  // namespace motet::host
