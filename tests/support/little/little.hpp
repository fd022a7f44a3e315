// Graphs of the little plugin's stages, from YAML in a test.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "graph/graph.hpp"
#include "plugin/registry.hpp"
#include "support/little/counting.hpp"

namespace little {

inline motet::plugin::Registry registry() {
  return motet::plugin::Registry::scan({std::filesystem::path(MOTET_BINARY_DIR) / "tests" / "little"});
}

// The pipeline's text goes to a file of the test's own. Throws as graph::resolve does.
inline motet::graph::Graph resolve(const std::string& name, const std::string& yaml,
                                   const motet::plugin::Registry& registry,
                                   motet::host::Checking checking = motet::host::Checking::on) {
  const std::filesystem::path folder =
      std::filesystem::path(MOTET_BINARY_DIR) / "tests" / ("little_pipelines_" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  const std::filesystem::path file = folder / (name + ".yaml");
  std::ofstream(file) << yaml;
  return motet::graph::resolve(file, {}, registry, {.checking = checking});
}

}  // namespace little
