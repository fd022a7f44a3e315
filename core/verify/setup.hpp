// Which stages of which pipelines the kit tries a plugin's types in.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "graph/graph.hpp"
#include "plugin/registry.hpp"
#include "spec/test_file.hpp"
#include "verify/request.hpp"

namespace motet::verify {

// The pipelines that NAME.verify.json beside NAME.so lists, {"pipelines": ["/absolute/pipeline.yaml"]}; none where
// there is no such file. Throws Error(user) where it is malformed.
std::vector<std::filesystem::path> listed_pipelines(const std::filesystem::path& library);

// The stages of the pipeline, slots' fillers included, whose types are the plugin's: one setup each, with the
// parameters of the first of the pipeline's test cases that expects outputs. Runs no plugin's code. Throws
// DiagnosticsError where the pipeline cannot be read, or wants parameters that `set` does not give.
std::vector<std::pair<std::string, Setup>> setups_of(const std::filesystem::path& pipeline,
                                                     const std::vector<std::string>& set,
                                                     const plugin::Registry& registry, const std::string& plugin);

// The cases of the pipeline's tests that run with the setup's parameters and expect outputs, the setup's own first.
std::vector<spec::TestCase> cases_of(const Setup& setup);
spec::GivenParams given_of(const Setup& setup, const std::vector<std::string>& set);

}  // namespace motet::verify
