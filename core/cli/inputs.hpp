// From --in to items: literals, files, folders, globs and JSON lines.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "graph/graph.hpp"
#include "runtime/session.hpp"

namespace motet::cli {

struct GivenItem {
  std::string name;  // which of many, for messages: "a.wav", "items.jsonl:3"; empty where there is but one
  runtime::Item item;
  std::optional<base::Error> error;  // its input cannot be read: it fails alone
};

// `in`: the arguments of --in, "NAME=VALUE" or "@FILE.jsonl" or "@-". Throws base::Error(user) for an unknown, doubled
// or missing input and for a file or folder that is not there.
std::vector<GivenItem> read_items(const std::vector<std::string>& in, const graph::Graph& graph);

}  // namespace motet::cli
