// A set of byte strings that finds which of them begin a text.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

namespace motet::tokenizer {

class PrefixTrie {
 public:
  struct Key {
    std::string_view text;  // not empty
    std::uint32_t value;    // not kNoValue; of equal texts the first counts
  };
  static constexpr std::uint32_t kNoValue = 0xFFFFFFFF;

  PrefixTrie() = default;
  explicit PrefixTrie(std::vector<Key> keys);

  // Calls visit(size, value) for each key that `text` begins with, the shortest first.
  template <class Visit>
  void each_prefix(std::string_view text, Visit visit) const {
    if (text.empty() || roots_.empty()) return;
    std::uint32_t node = roots_[static_cast<unsigned char>(text[0])];
    for (std::size_t size = 1; node != kNoValue; ++size) {
      if (nodes_[node].value != kNoValue) visit(size, nodes_[node].value);
      if (size == text.size()) return;
      node = child(node, text[size]);
    }
  }

  bool empty() const { return nodes_.empty(); }

 private:
  // The children of a node lie side by side, ordered by label.
  struct Node {
    std::uint32_t first_child = 0;
    std::uint32_t value = kNoValue;
    std::uint16_t children = 0;
    unsigned char label = 0;
  };
  struct Range {
    std::uint32_t begin, end, node;
  };

  std::uint32_t child(std::uint32_t node, char label) const {
    const auto wanted = static_cast<unsigned char>(label);
    const auto first = nodes_.begin() + nodes_[node].first_child;
    const auto last = first + nodes_[node].children;
    const auto at = std::lower_bound(first, last, wanted, [](const Node& n, unsigned char l) { return n.label < l; });
    return at != last && at->label == wanted ? static_cast<std::uint32_t>(at - nodes_.begin()) : kNoValue;
  }
  void add_children(const std::vector<Key>& keys, std::size_t depth, Range range, std::vector<Range>& next);

  std::vector<Node> nodes_;
  std::vector<std::uint32_t> roots_;  // by first byte
};

}  // namespace motet::tokenizer
