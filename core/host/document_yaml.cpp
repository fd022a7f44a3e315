// YAML as a document, through the spec room's own reader.
#include "base/error.hpp"
#include "host/document.hpp"
#include "spec/document.hpp"
#include "spec/node.hpp"

namespace motet::host {
namespace {

class YamlDocument final : public Document {
 public:
  explicit YamlDocument(spec::Node tree) : tree_(std::move(tree)) { convert(tree_, root_); }

 private:
  // Depth is bounded by spec's reader.
  void convert(const spec::Node& from, motet_node& to) {
    switch (from.kind) {
      case spec::Node::Kind::null:
        break;
      case spec::Node::Kind::scalar:
        convert_scalar(from, to);
        break;
      case spec::Node::Kind::list:
        convert_list(from, to);
        break;
      case spec::Node::Kind::map:
        convert_map(from, to);
        break;
    }
  }
  void convert_list(const spec::Node& from, motet_node& to) {
    motet_node* children = make_nodes(from.items.size());
    for (std::size_t i = 0; i < from.items.size(); ++i) convert(from.items[i], children[i]);
    to.kind = MOTET_NODE_LIST;
    to.size = static_cast<std::uint32_t>(from.items.size());
    to.children = children;
  }
  void convert_map(const spec::Node& from, motet_node& to) {
    motet_node* children = make_nodes(from.entries.size());
    for (std::size_t i = 0; i < from.entries.size(); ++i) {
      convert(from.entries[i].value, children[i]);
      children[i].key = from.entries[i].key.data();
      children[i].key_size = static_cast<std::uint32_t>(from.entries[i].key.size());
    }
    to.kind = MOTET_NODE_MAP;
    to.size = static_cast<std::uint32_t>(from.entries.size());
    to.children = children;
    finish_map(to);
  }
  static void convert_scalar(const spec::Node& from, motet_node& to) {
    if (const auto boolean = spec::as_bool(from)) {
      to.kind = MOTET_NODE_BOOL;
      to.integer = *boolean ? 1 : 0;
    } else if (const auto integer = spec::as_int(from)) {
      to.kind = MOTET_NODE_INTEGER;
      to.integer = *integer;
    } else if (const auto number = spec::as_float(from)) {
      to.kind = MOTET_NODE_NUMBER;
      to.number = *number;
    } else {
      to.kind = MOTET_NODE_STRING;
      to.size = static_cast<std::uint32_t>(from.text.size());
      to.text = from.text.data();
    }
  }

  spec::Node tree_;
};

}  // namespace

std::unique_ptr<Document> open_yaml(const std::filesystem::path& path) {
  base::Diagnostics diagnostics;
  std::optional<spec::Node> tree = spec::load_document(path, diagnostics);
  if (!diagnostics.empty()) {
    const base::Diagnostic& first = diagnostics.list().front();
    base::fail(base::ErrorKind::user, (first.place ? first.place.text() : path.string()) + ": " + first.message,
               first.help);
  }
  if (!tree) base::fail(base::ErrorKind::user, path.string() + ": it cannot be read as YAML");
  return std::make_unique<YamlDocument>(std::move(*tree));
}

}  // namespace motet::host
