// The host's functions for documents.
#include "host/document.hpp"
#include "host/instance.hpp"
#include "host/table.hpp"

namespace motet::host {
namespace {

constexpr std::string_view kFamily = "family:";

motet_status open_document(motet_call* call, const char* path, motet_document** out) noexcept {
  return host_function(call, "open_document", [&](Call& c) -> motet_status {
    if (path == nullptr || out == nullptr)
      return failed(c, MOTET_INTERNAL, "open_document wants a path and a place for the document");
    std::string_view name = path;
    std::filesystem::path file = path;
    if (name.starts_with(kFamily)) {
      name.remove_prefix(kFamily.size());
      file = family_file(name, c.instance().library().data_folder(), c.instance().settings().folder);
    }
    *out = Document::open(file).release();
    return MOTET_OK;
  });
}

void close_document(motet_document* document) noexcept { delete static_cast<Document*>(document); }

const motet_node* document_root(const motet_document* document) noexcept {
  return document == nullptr ? nullptr : &static_cast<const Document*>(document)->root();
}

motet_node_kind node_kind(const motet_node* node) noexcept {
  return node == nullptr ? motet_node_kind{MOTET_NODE_NULL} : node->kind;
}

size_t node_size(const motet_node* node) noexcept {
  const motet_node_kind kind = node_kind(node);
  return kind == MOTET_NODE_LIST || kind == MOTET_NODE_MAP ? node->size : 0;
}

// Making a large list's children may find no memory: then it is as if they were not there, and the call fails.
const motet_node* absent_for_lack_of_memory() {
  if (Call* call = current_call()) call->lack_memory();
  return nullptr;
}

const motet_node* node_at(const motet_node* node, size_t index) noexcept {
  try {
    return node == nullptr ? nullptr : child_at(*node, index);
  } catch (const std::bad_alloc&) {
    return absent_for_lack_of_memory();
  }
}

void write_text(motet_text_view* out, const char* data, std::size_t size) {
  if (out != nullptr) write_sized(motet_text_view{0, data, size}, out);
}

void node_key_at(const motet_node* node, size_t index, motet_text_view* out) noexcept {
  const motet_node* child = node_kind(node) == MOTET_NODE_MAP ? node_at(node, index) : nullptr;
  write_text(out, child == nullptr ? "" : child->key, child == nullptr ? 0 : child->key_size);
}

const motet_node* node_find(const motet_node* node, const char* key) noexcept {
  try {
    return node == nullptr || key == nullptr ? nullptr : child_by_key(*node, key);
  } catch (const std::bad_alloc&) {
    return absent_for_lack_of_memory();
  }
}

int node_bool(const motet_node* node) noexcept {
  return node_kind(node) == MOTET_NODE_BOOL && node->integer != 0 ? 1 : 0;
}

int64_t node_integer(const motet_node* node) noexcept {
  const motet_node_kind kind = node_kind(node);
  if (kind == MOTET_NODE_INTEGER || kind == MOTET_NODE_BOOL) return node->integer;
  // Outside these bounds the conversion would not be defined.
  constexpr double kLimit = 9223372036854775808.0;
  if (kind != MOTET_NODE_NUMBER || !(node->number > -kLimit && node->number < kLimit)) return 0;
  return static_cast<int64_t>(node->number);
}

double node_number(const motet_node* node) noexcept {
  const motet_node_kind kind = node_kind(node);
  if (kind == MOTET_NODE_NUMBER) return node->number;
  return kind == MOTET_NODE_INTEGER || kind == MOTET_NODE_BOOL ? static_cast<double>(node->integer) : 0;
}

void node_string(const motet_node* node, motet_text_view* out) noexcept {
  const bool is_string = node_kind(node) == MOTET_NODE_STRING;
  write_text(out, is_string ? node->text : "", is_string ? node->size : 0);
}

}  // namespace

void add_document_functions(motet_host& table) {
  table.open_document = open_document;
  table.close_document = close_document;
  table.document_root = document_root;
  table.node_kind = node_kind;
  table.node_size = node_size;
  table.node_at = node_at;
  table.node_key_at = node_key_at;
  table.node_find = node_find;
  table.node_bool = node_bool;
  table.node_integer = node_integer;
  table.node_number = node_number;
  table.node_string = node_string;
}

}  // namespace motet::host
