// Symbols of dimensions across a graph: equal ones are merged as edges meet, and may become numbers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "tensor/shape.hpp"

namespace motet::graph {

using tensor::Dim;

class Symbols {
 public:
  // `name` is for people: "encoder.T".
  Dim fresh(std::string name);
  // What is known of the dimension by now: a number, or the representative of its class.
  Dim resolve(Dim dim) const;
  // Makes both equal, since the edge or weight `why` says so. False where they are two different numbers; nothing
  // changes then.
  bool unify(Dim a, Dim b, const base::Note& why = {});
  // What made the dimension equal to others or to a number, its own reason first; empty for a plain number.
  std::vector<base::Note> why(Dim dim) const;
  std::string text(Dim dim) const;
  std::string text(const tensor::SymbolicShape& dims) const;  // "[B, 768]"

 private:
  std::uint32_t root(std::uint32_t symbol) const;
  struct Entry {
    std::string name;
    std::uint32_t parent;
    std::int64_t size = -1;
    base::Note why{};  // it has this parent, or this size
  };
  std::vector<Entry> entries_{Entry{"", 0, -1, {}}};
};

}  // namespace motet::graph
