// YAML text to a tree of Nodes; strict where YAML is generous.
//
// Refused, each with its place: text that is not UTF-8, control characters, syntax errors, duplicate keys, `<<`,
// anchors and aliases, tags, keys that are not text, several documents, and what is too deep or too large. Aliases are
// refused rather than limited: a pipeline has parameters for what is shared, and each value then has one place.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/diagnostic.hpp"
#include "spec/node.hpp"

namespace motet::spec {

inline constexpr std::size_t kMostBytes = std::size_t{4} << 20;
inline constexpr std::size_t kMostDepth = 64;
inline constexpr std::size_t kMostNodes = 100'000;

// The document, or nothing where its text cannot be read further. With duplicate keys, tags and the like the rest is
// still returned, so that its mistakes are found too: look at the diagnostics before trusting it.
std::optional<Node> parse_document(std::shared_ptr<const base::SourceFile> file, base::Diagnostics& diagnostics);

// The same from a file. `shown` is its path as messages say it, the path itself where empty. Throws Error(user) where
// the file cannot be read.
std::optional<Node> load_document(const std::filesystem::path& path, base::Diagnostics& diagnostics,
                                  std::string shown = {});

// The file as a source that diagnostics can show, without a byte order mark. Nothing, and a diagnostic, where it is too
// large or not UTF-8. Throws Error(user) where it cannot be read.
std::shared_ptr<const base::SourceFile> read_source(const std::filesystem::path& path, base::Diagnostics& diagnostics,
                                                    std::string shown = {});
// The same checks on text that is at hand.
std::shared_ptr<const base::SourceFile> check_source(std::string shown, std::string text,
                                                     base::Diagnostics& diagnostics);

// The place of the `index`-th "${" (from 0) of a scalar in its source, for messages about it; the scalar's own place
// where it cannot be found.
base::Place place_of_dollar(const Node& scalar, std::size_t index, int length);

}  // namespace motet::spec
