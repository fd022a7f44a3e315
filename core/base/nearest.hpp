// "Did you mean": the known names that lie nearest to a mistyped one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace motet::base {

// Edit distance with adjacent transpositions (optimal string alignment), in bytes.
int edit_distance(std::string_view a, std::string_view b);

// Up to `most` of `known`, nearest first, none farther than a third of the name's length (at least 1). Dotted words in
// the other order count as one edit.
std::vector<std::string> nearest(std::string_view name, const std::vector<std::string>& known, std::size_t most = 1);

// "did you mean 'x'?" or "known: a, b, c" (at most eight; those that share a dotted word where some do), "" where
// nothing is known.
std::string suggestion(std::string_view name, const std::vector<std::string>& known);

}  // namespace motet::base
