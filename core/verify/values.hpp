// Values that checks feed to a stage, and how they are told apart.
#pragma once

#include <string>
#include <vector>

#include "graph/graph.hpp"
#include "value/value.hpp"
#include "verify/random.hpp"

namespace motet::verify {

// A value that fits the type; sizes that the type leaves open are small, and the same letter has the same size in
// `sizes`, which are added to.
struct OpenSizes {
  std::map<std::string, std::int64_t, std::less<>> letters;
  std::int64_t least = 1;
  std::int64_t most = 9;
};
value::Ref random_value(const graph::PortType& type, OpenSizes& sizes, Random& random);

// Words of several scripts, `characters` of them, without line ends.
std::string random_text(std::size_t characters, Random& random);

// Where the two differ in a bit, "" where they do not: "element 3 is 0.5 and 0.25", "the text has 4 bytes and 5".
// Both NaN of whatever bits are equal.
std::string difference(const value::Value& a, const value::Value& b);
std::string difference(const std::vector<value::Ref>& a, const std::vector<value::Ref>& b);

// The same for results that may differ in roundings: of sums in another order, on another device.
std::string far_apart(const value::Value& a, const value::Value& b);

}  // namespace motet::verify
