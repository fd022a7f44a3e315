// Parameters and ${...}: a PipelineSpec with values in their place.
//
// ${name} is a parameter, ${env:NAME} or ${env:NAME:-default} the environment (the default also where it is empty, as
// in a shell), $${ a literal ${. A scalar that is nothing but one parameter keeps the parameter's type: a list becomes
// a list, a number stays a number; one that is nothing but an environment variable stays untyped, so whoever reads it
// decides; everything else is text. Values are put in as they are, never searched for ${ again.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.hpp"
#include "base/variant.hpp"
#include "spec/pipeline.hpp"

namespace motet::spec {

// What a parameter is worth. Paths are strings that need no folder any more.
struct ParamValue {
  base::Variant<bool, std::int64_t, double, std::string, std::vector<ParamValue>> data;
  friend bool operator==(const ParamValue&, const ParamValue&) = default;
};
using ParamValues = std::map<std::string, ParamValue, std::less<>>;

// A value for a parameter, from the command line or an `include`'s `with:` (then already expanded).
struct Given {
  Node value;
  base::Place name_place;
  std::filesystem::path folder;  // relative paths start here; empty: the working directory
};
using GivenParams = std::map<std::string, Given, std::less<>>;

// "--set name=value". The text is typed once the declaration is known; a list is written [a, b].
// Throws Error(user) where there is no name.
std::pair<std::string, Given> parse_set(std::string_view text);

// Each declared parameter's value: given, else its default. What is missing, unknown, of the wrong type or out of range
// is a diagnostic (M0020 to M0027).
ParamValues bind_params(const PipelineSpec& pipeline, const GivenParams& given, base::Diagnostics& diagnostics);

// The node with every ${...} resolved, and its places unchanged.
Node substitute(const Node& node, const ParamValues& values, base::Diagnostics& diagnostics);

// Resolves every ${...} in `weights:` and in the stages (use, include, with, weights), slots included. Keys, names and
// references are taken literally. Paths of parameters become absolute.
struct Expanded {
  PipelineSpec pipeline;
  ParamValues values;
};
Expanded expand(const PipelineSpec& pipeline, const GivenParams& given, base::Diagnostics& diagnostics);

}  // namespace motet::spec
