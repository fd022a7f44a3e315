// A pipeline's tests: a YAML file beside it says what goes in and what must come out.
//
//   motet-test: 1
//   needs: {model: "the folder that ./dev model minilm prints"}     # parameters that whoever runs the tests must give
//   params: {top: 2}                                                # of all cases
//   cases:
//     near:    {in: {query: cat}, out: {text: dog, scores: {value: [0.5], tolerance: 1e-3}}}
//     no_top:  {params: {top: -1}, in: {query: cat}, error: {code: M0026, message: the least is 0}}
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "spec/pipeline.hpp"

namespace motet::spec {

struct Expected {
  Text output;
  Node value;
  double tolerance = 0;  // of numbers, each by itself, absolute
};

struct ExpectedError {
  std::string code;     // of a diagnostic; empty: any error
  std::string message;  // a part of it; empty: any
};

struct TestCase {
  Text name;
  std::vector<Argument> params;  // the case's own before the file's; no name twice
  std::vector<Argument> in;
  std::vector<Expected> out;
  std::optional<ExpectedError> error;  // instead of outputs
};

struct TestFile {
  std::filesystem::path path;
  std::vector<std::pair<Text, std::string>> needs;  // a parameter, and what it is for people
  std::vector<TestCase> cases;

  std::filesystem::path folder() const { return path.parent_path(); }  // what relative paths in it start from
};

// Where the tests of a pipeline's file lie: pipeline.test.yaml beside pipeline.yaml.
std::filesystem::path test_file_of(const std::filesystem::path& pipeline);

// Right only if no diagnostic was added. Throws Error(user) where there is no such file.
std::optional<TestFile> load_tests(const std::filesystem::path& path, base::Diagnostics& diagnostics);

}  // namespace motet::spec
