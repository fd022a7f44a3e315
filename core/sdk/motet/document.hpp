// A file as a tree: YAML, JSON, or the metadata of a GGUF file (one flat map with the file's own keys).
//
// Nodes and their strings live as long as the Document. What is missing or of another kind throws ParameterError that
// names the file and the key.
#pragma once

#include <motet/abi.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "motet/value.hpp"

namespace motet {

namespace detail {
struct OpenDocument {
  const motet_host* host;
  motet_document* document = nullptr;
  std::string name;   // as messages call it
  std::string blame;  // "with.file"
  OpenDocument(const motet_host* h, std::string n, std::string b) : host(h), name(std::move(n)), blame(std::move(b)) {}
  OpenDocument(const OpenDocument&) = delete;
  OpenDocument& operator=(const OpenDocument&) = delete;
  ~OpenDocument() {
    if (document != nullptr) host->close_document(document);
  }
};
}  // namespace detail

class Node {
 public:
  Node() = default;
  Node(const detail::OpenDocument* document, const motet_node* node, std::string where)
      : document_(document), node_(node), where_(std::move(where)) {}

  explicit operator bool() const { return node_ != nullptr; }  // it is there
  motet_node_kind kind() const {
    return node_ == nullptr ? motet_node_kind{MOTET_NODE_NULL} : document_->host->node_kind(node_);
  }
  bool is_null() const { return kind() == MOTET_NODE_NULL; }
  bool is_bool() const { return kind() == MOTET_NODE_BOOL; }
  bool is_integer() const { return kind() == MOTET_NODE_INTEGER; }
  bool is_number() const { return kind() == MOTET_NODE_NUMBER || is_integer(); }
  bool is_string() const { return kind() == MOTET_NODE_STRING; }
  bool is_list() const { return kind() == MOTET_NODE_LIST; }
  bool is_map() const { return kind() == MOTET_NODE_MAP; }
  const std::string& where() const { return where_; }  // "weights.huggingface.embed"

  std::size_t size() const { return is_list() || is_map() ? document_->host->node_size(node_) : 0; }
  // An absent node where there is no such key, or this is no map; asking an absent one again is fine.
  Node find(std::string_view key) const {
    const std::string text(key);
    const motet_node* found = node_ == nullptr ? nullptr : document_->host->node_find(node_, text.c_str());
    return {document_, found, where_.empty() ? text : where_ + "." + text};
  }
  Node at(std::string_view key) const {
    Node found = find(key);
    if (!found) found.fail("is missing");
    return found;
  }
  // Element of a list, or value of a map's entry. Precondition: index < size().
  Node at(std::size_t index) const {
    return {document_, document_->host->node_at(node_, index),
            is_map() ? where_ + "." + std::string(key_at(index)) : where_ + "[" + std::to_string(index) + "]"};
  }
  std::string_view key_at(std::size_t index) const {
    motet_text_view view{sizeof(motet_text_view), nullptr, 0};
    document_->host->node_key_at(node_, index, &view);
    return {view.data, view.size_bytes};
  }

  bool boolean() const { return wanted(is_bool(), "true or false"), document_->host->node_bool(node_) != 0; }
  std::int64_t integer() const { return wanted(is_integer(), "an integer"), document_->host->node_integer(node_); }
  double number() const { return wanted(is_number(), "a number"), document_->host->node_number(node_); }
  std::string_view string() const {
    wanted(is_string(), "text");
    motet_text_view view{sizeof(motet_text_view), nullptr, 0};
    document_->host->node_string(node_, &view);
    return {view.data, view.size_bytes};
  }
  std::vector<std::string> strings() const {
    wanted(is_list(), "a list of texts");
    std::vector<std::string> out;
    for (std::size_t i = 0; i < size(); ++i) out.emplace_back(at(i).string());
    return out;
  }
  std::vector<std::int64_t> integers() const {
    wanted(is_list(), "a list of integers");
    std::vector<std::int64_t> out;
    for (std::size_t i = 0; i < size(); ++i) out.push_back(at(i).integer());
    return out;
  }
  // `otherwise` where absent or null.
  bool boolean_or(bool otherwise) const { return is_null() ? otherwise : boolean(); }
  std::int64_t integer_or(std::int64_t otherwise) const { return is_null() ? otherwise : integer(); }
  double number_or(double otherwise) const { return is_null() ? otherwise : number(); }
  std::string string_or(std::string_view otherwise) const { return std::string(is_null() ? otherwise : string()); }

  // Throws ParameterError: "config.json: hidden_size: <message>".
  [[noreturn]] void fail(const std::string& message) const {
    throw ParameterError(
        document_ == nullptr ? "" : document_->blame,
        (document_ == nullptr ? "" : document_->name + ": ") + where_ + (where_.empty() ? "" : " ") + message);
  }

 private:
  void wanted(bool fits, const char* what) const {
    if (node_ == nullptr) fail("is missing");
    if (!fits) fail(std::string("must be ") + what);
  }
  const detail::OpenDocument* document_ = nullptr;
  const motet_node* node_ = nullptr;
  std::string where_;
};

class Document {
 public:
  Document(const Context& context, const std::string& path, const std::string& blame) {
    open_ = std::make_unique<detail::OpenDocument>(context.host, path, blame);
    context.check(context.host->open_document(context.call, path.c_str(), &open_->document), blame.c_str());
  }
  Node root() const { return {open_.get(), open_->host->document_root(open_->document), {}}; }

 private:
  std::unique_ptr<detail::OpenDocument> open_;
};

}  // namespace motet
