#include "graph/symbols.hpp"

#include <algorithm>

namespace motet::graph {

Dim Symbols::fresh(std::string name) {
  const auto id = static_cast<std::uint32_t>(entries_.size());
  entries_.push_back({std::move(name), id, -1, {}});
  return Dim::of_symbol(id);
}

std::uint32_t Symbols::root(std::uint32_t symbol) const {
  while (entries_[symbol].parent != symbol) symbol = entries_[symbol].parent;
  return symbol;
}

Dim Symbols::resolve(Dim dim) const {
  if (dim.known() || dim.symbol >= entries_.size()) return dim;
  const std::uint32_t at = root(dim.symbol);
  return entries_[at].size >= 0 ? Dim::number(entries_[at].size) : Dim::of_symbol(at);
}

bool Symbols::unify(Dim a, Dim b, const base::Note& why) {
  a = resolve(a);
  b = resolve(b);
  if (a.known() && b.known()) return a.size == b.size;
  if (a.known()) std::swap(a, b);
  if (b.known()) {
    entries_[a.symbol].size = b.size;
    entries_[a.symbol].why = why;
  } else if (a.symbol != b.symbol) {
    // The older symbol stays: it is nearer to the pipeline's inputs, so its name says more.
    entries_[std::max(a.symbol, b.symbol)].parent = std::min(a.symbol, b.symbol);
    entries_[std::max(a.symbol, b.symbol)].why = why;
  }
  return true;
}

std::vector<base::Note> Symbols::why(Dim dim) const {
  std::vector<base::Note> out;
  if (dim.known() || dim.symbol >= entries_.size()) return out;
  for (std::uint32_t at = dim.symbol;; at = entries_[at].parent) {
    if (!entries_[at].why.text.empty()) out.push_back(entries_[at].why);
    if (entries_[at].parent == at) return out;
  }
}

std::string Symbols::text(Dim dim) const {
  dim = resolve(dim);
  if (dim.known()) return std::to_string(dim.size);
  return dim.symbol < entries_.size() ? entries_[dim.symbol].name : "?";
}

std::string Symbols::text(const tensor::SymbolicShape& dims) const {
  std::string out = "[";
  for (std::size_t i = 0; i < dims.size(); ++i) out += (i ? ", " : "") + text(dims[i]);
  return out + "]";
}

}  // namespace motet::graph
