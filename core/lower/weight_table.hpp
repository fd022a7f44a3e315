// The session's weights by number: the same bytes seen with the same type are the same leaf, in every program.
#pragma once

#include <cstdint>
#include <vector>

#include "graph/graph.hpp"

namespace motet::lower {

class WeightTable {
 public:
  std::uint32_t add(const graph::Weight& weight) {
    for (std::uint32_t i = 0; i < list_.size(); ++i) {
      const graph::Weight& known = list_[i];
      if (known.bytes.data() == weight.bytes.data() && known.dtype == weight.dtype && known.shape == weight.shape)
        return i;
    }
    list_.push_back(weight);
    return static_cast<std::uint32_t>(list_.size() - 1);
  }
  const std::vector<graph::Weight>& list() const { return list_; }

 private:
  std::vector<graph::Weight> list_;  // bytes point into the graph's mapped files
};

}  // namespace motet::lower
