// One check to be tried in a process of its own: what the parent tells the child, and what comes back.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "verify/outcome.hpp"

namespace motet::verify {

// A stage of a pipeline, as an author uses the type: parameters, weights, slots, what comes in.
struct Setup {
  std::filesystem::path pipeline;
  std::string stage;     // its name in the pipeline
  std::string test;      // the case of pipeline.test.yaml whose parameters and inputs it has; empty: none, its defaults
  bool derived = false;  // the kit wrote the pipeline itself

  // "pipeline.yaml: seen", "derived"; for people.
  std::string text() const;
};

struct Request {
  int number = 0;                 // of the check; 0: derive a setup into the folder setup.pipeline
  std::filesystem::path library;  // NAME.so
  std::string type;               // the stage type's or operation's id, empty for checks of the file
  Setup setup;
  std::vector<std::string> set;                // NAME=VALUE for parameters of the pipeline
  std::vector<std::filesystem::path> plugins;  // folders, the library's own first
  std::uint64_t seed = 0;
  int strictness = 0;
  std::string device = "cpu";
};

std::string to_text(const Request& request);
// Throws base::Error where it is none.
Request request_of(std::string_view text);

// What a child answers: verdict, message and sightings.
std::string to_text(const Outcome& outcome);
Outcome outcome_of(std::string_view text);

}  // namespace motet::verify
