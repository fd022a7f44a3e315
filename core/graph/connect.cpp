#include "graph/connect.hpp"

#include <algorithm>

namespace motet::graph {
namespace {

Dim dim_of(const DimPattern& pattern, const std::string& stage, Letters& letters, Symbols& symbols) {
  if (pattern.letter.empty()) return Dim::number(pattern.size);
  const auto [at, fresh] = letters.dims.try_emplace(pattern.letter);
  if (fresh) at->second = symbols.fresh(stage + "." + pattern.letter);
  return at->second;
}

std::optional<Misfit> match_dims(const EdgeType& value, const PortType& type, const std::string& stage,
                                 Letters& letters, Symbols& symbols, const base::Note& edge) {
  const bool any_leading = !type.dims.empty() && type.dims.front().ellipsis;
  const std::size_t fixed = type.dims.size() - (any_leading ? 1 : 0);
  if (value.dims.size() < fixed || (!any_leading && value.dims.size() != fixed)) {
    return Misfit{"it has " + std::to_string(value.dims.size()) +
                      (value.dims.size() == 1 ? " dimension" : " dimensions") + ", wanted " +
                      (any_leading ? "at least " : "") + std::to_string(fixed),
                  static_cast<int>(fixed)};
  }
  const std::size_t lead = value.dims.size() - fixed;
  if (any_leading) {
    const tensor::SymbolicShape leading(value.dims.begin(), value.dims.begin() + static_cast<std::ptrdiff_t>(lead));
    if (!letters.leading) letters.leading = leading;
  }
  for (std::size_t i = 0; i < fixed; ++i) {
    const Dim wanted = dim_of(type.dims[i + (any_leading ? 1 : 0)], stage, letters, symbols);
    const Dim got = value.dims[lead + i];
    if (!symbols.unify(wanted, got, edge)) {
      const bool last = i + 1 == fixed;
      return Misfit{(last ? std::string("the last dimension") : "dimension " + std::to_string(lead + i)) + " is " +
                        symbols.text(got) + ", wanted " + symbols.text(wanted),
                    -1,
                    fixed - i,
                    got,
                    wanted,
                    type.dims[i + (any_leading ? 1 : 0)].letter};
    }
  }
  return std::nullopt;
}

}  // namespace

std::string source_name(const Graph& graph, const Source& source) {
  if (source.stage < 0) return "inputs." + graph.inputs[static_cast<std::size_t>(source.port)].name;
  const Stage& stage = graph.stages[static_cast<std::size_t>(source.stage)];
  return stage.name + "." + stage.type->outputs[static_cast<std::size_t>(source.port)].name;
}

std::optional<EdgeType> seen_by(Way way, const EdgeType& source, Graph& graph) {
  EdgeType out = source;
  if (way == Way::host) {
    if (!source.batched) return out;
    // An island's result leaves item by item: the batch's dimension goes, a list's dimension makes a list.
    if (source.dims.empty()) return std::nullopt;
    out.list = graph.is_list(source.dims.front());
    if (out.list) out.list_symbol = graph.symbols.resolve(source.dims.front()).symbol;
    out.dims.erase(out.dims.begin());
    out.batched = false;
    return out;
  }
  if (source.batched) return out;
  if (source.kind != Kind::tokens && source.kind != Kind::tensor) return std::nullopt;
  out.batched = true;
  out.list = false;
  const Dim batch = source.list ? graph.list_dim(source) : graph.batch;
  if (source.kind == Kind::tokens) {
    out.kind = Kind::tensor;
    out.dtype = tensor::DType::i32;
    out.dims = {batch, source.dims.front()};
    out.from_tokens = true;
  } else {
    out.dims.insert(out.dims.begin(), batch);
  }
  return out;
}

std::optional<Misfit> match(const EdgeType& value, const std::vector<PortType>& alternatives, const std::string& stage,
                            Letters& letters, Symbols& symbols, const base::Note& edge) {
  Misfit last;
  for (const PortType& type : alternatives) {
    if (value.from_tokens && value.batched && type.kind == Kind::tokens) return std::nullopt;
    if (type.kind != value.kind || type.list != value.list) continue;
    if (type.kind != Kind::tensor || type.dtype == tensor::DType::none) return std::nullopt;
    if (type.dtype != value.dtype) {
      last.reason = "its elements are " + std::string(tensor::name(value.dtype)) + ", wanted " +
                    std::string(tensor::name(type.dtype));
      continue;
    }
    std::optional<Misfit> misfit = match_dims(value, type, stage, letters, symbols, edge);
    if (!misfit) return std::nullopt;
    last = *misfit;
  }
  return last;
}

bool kind_fits(Way way, Kind kind, const std::vector<PortType>& alternatives) {
  if (way != Way::host && kind != Kind::tokens && kind != Kind::tensor) return false;
  return std::any_of(alternatives.begin(), alternatives.end(), [&](const PortType& type) {
    // At an island's border tokens become a tensor of numbers.
    const bool numbers = way != Way::host && kind == Kind::tokens && type.kind == Kind::tensor &&
                         (type.dtype == tensor::DType::i32 || type.dtype == tensor::DType::none);
    return type.kind == kind || numbers;
  });
}

EdgeType instantiate(const PortType& type, const std::string& stage, Letters& letters, Symbols& symbols) {
  EdgeType out;
  out.kind = type.kind;
  out.list = type.list;
  out.dtype = type.dtype;
  if (type.kind == Kind::tokens) out.dims.push_back(symbols.fresh(stage + ".T"));  // how many tokens an item has
  for (const DimPattern& dim : type.dims) {
    if (!dim.ellipsis) {
      out.dims.push_back(dim_of(dim, stage, letters, symbols));
    } else if (letters.leading) {
      out.dims.insert(out.dims.end(), letters.leading->begin(), letters.leading->end());
    }
  }
  return out;
}

}  // namespace motet::graph
