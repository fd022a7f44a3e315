#include "tokenizer/prefix_trie.hpp"

namespace motet::tokenizer {

PrefixTrie::PrefixTrie(std::vector<Key> keys) {
  if (keys.empty()) return;
  std::stable_sort(keys.begin(), keys.end(), [](const Key& a, const Key& b) { return a.text < b.text; });
  nodes_.emplace_back();  // the root, of which only the children are used
  std::vector<Range> level{{0, static_cast<std::uint32_t>(keys.size()), 0}};
  for (std::size_t depth = 0; !level.empty(); ++depth) {
    std::vector<Range> next;
    for (const Range& range : level) add_children(keys, depth, range, next);
    level = std::move(next);
  }
  roots_.assign(256, kNoValue);
  for (std::uint32_t i = 0; i < nodes_[0].children; ++i)
    roots_[nodes_[nodes_[0].first_child + i].label] = nodes_[0].first_child + i;
}

// keys[begin, end) share `depth` bytes; those that are longer fall into one child for each next byte.
void PrefixTrie::add_children(const std::vector<Key>& keys, std::size_t depth, Range range, std::vector<Range>& next) {
  const auto first = static_cast<std::uint32_t>(nodes_.size());
  std::uint32_t at = range.begin;
  while (at < range.end && keys[at].text.size() == depth) ++at;
  while (at < range.end) {
    const auto label = static_cast<unsigned char>(keys[at].text[depth]);
    std::uint32_t end = at;
    while (end < range.end && static_cast<unsigned char>(keys[end].text[depth]) == label) ++end;
    Node node;
    node.label = label;
    if (keys[at].text.size() == depth + 1) node.value = keys[at].value;
    next.push_back({at, end, static_cast<std::uint32_t>(nodes_.size())});
    nodes_.push_back(node);
    at = end;
  }
  nodes_[range.node].first_child = first;
  nodes_[range.node].children = static_cast<std::uint16_t>(nodes_.size() - first);
}

}  // namespace motet::tokenizer
