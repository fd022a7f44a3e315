// A GGUF file, and all who read one: its tensors, its key-values, the document that plugins see, the tokenizer and the
// chat template in it.
//
// Reads with: core/weights/gguf*.cpp core/weights/layout.cpp core/host/document_gguf.cpp
// Reads with: plugins/tokenizer/from_gguf.cpp
#include <numeric>

#include "base/error.hpp"
#include "fuzz/stages.hpp"
#include "fuzz/target.hpp"
#include "host/document.hpp"
#include "support/temporary_folder.hpp"
#include "value/value.hpp"
#include "weights/file.hpp"
#include "weights/gguf.hpp"

namespace motet::fuzz {
namespace {

template <class Body>
bool accepted(Body body) {
  try {
    body();
    return true;
  } catch (const base::Error& error) {
    return refused(error.what());
  }
}

// Reads the ends of a range, which the sanitizer watches.
void touch(std::span<const std::byte> bytes) {
  if (bytes.empty()) return;
  [[maybe_unused]] const volatile std::byte first = bytes.front(), last = bytes.back();
}

void read_tensors(const std::filesystem::path& path) {
  const auto file = weights::open(path);
  for (const std::string& name : file->names()) {
    accepted([&] {
      const weights::TensorView* view = file->find(name);
      require(view != nullptr, "a tensor that is named is found");
      touch(view->bytes);
    });
  }
}

void read_entries(const std::filesystem::path& path) {
  const auto metadata = weights::Metadata::open(path);
  for (const weights::MetadataEntry& entry : metadata->entries()) {
    const std::string_view key = entry.key;
    accepted([&] { (void)metadata->get_string(key); });
    accepted([&] { (void)metadata->get_int(key); });
    accepted([&] { (void)metadata->get_float(key); });
    accepted([&] { (void)metadata->get_bool(key); });
    accepted([&] { (void)metadata->get_strings(key); });
    accepted([&] { (void)metadata->get_ints(key); });
    accepted([&] { (void)metadata->get_floats(key); });
  }
}

std::size_t walk(const motet_node& node) {
  if (node.kind == MOTET_NODE_STRING) return std::accumulate(node.text, node.text + node.size, std::size_t{0});
  std::size_t seen = 1;
  for (std::size_t i = 0; const motet_node* child = host::child_at(node, i); ++i) {
    if (child->key != nullptr)
      require(host::child_by_key(node, {child->key, child->key_size}) == child, "each key finds its value");
    seen += walk(*child);
  }
  return seen;
}

void tokenize(const std::filesystem::path& path) {
  const auto stage = make_stage("tokenizer", {{"file", path.string()}});
  accepted([&] {
    const value::Ref tokens = stage->encode(" The 2 caf\u00e9s<s> don't\n", true, {});
    (void)stage->decode(tokens->tokens().ids, false, {});
  });
}
}  // namespace

bool gguf(std::string_view input) {
  static const test::TemporaryFolder folder;
  const std::filesystem::path path = folder.write("model.gguf", std::string(input));
  const bool good = accepted([&] { read_tensors(path); });
  accepted([&] { read_entries(path); });
  accepted([&] { walk(host::Document::open(path)->root()); });
  accepted([&] { tokenize(path); });
  accepted([&] { make_stage("prompt.chat", {{"file", path.string()}}); });
  return good;
}

}  // namespace motet::fuzz
