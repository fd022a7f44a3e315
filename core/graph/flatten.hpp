// A pipeline with its includes as one list of stages: names made unique by prefixes, references followed to their ends.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "spec/expand.hpp"
#include "spec/pipeline.hpp"

namespace motet::graph {

// The end of a reference: an input of the outermost pipeline, or an output port of a stage ("" port: the first).
struct End {
  bool is_input = false;
  std::string name;  // the input's, or the stage's full name
  std::string port;
  base::Place place;       // of the reference as written
  base::Place port_place;  // where the port's name was written, which may be in an included file
};

struct FlatInput {
  std::string port;  // "" : the stage's only input
  std::vector<End> ends;
  bool list = false;
  base::Place place;
};

struct FlatStage {
  std::string name;  // "heard.encoder", "words/text" for a filler
  const spec::StageSpec* spec = nullptr;
  const spec::PipelineSpec* file = nullptr;  // the file that it stands in
  std::string weights;                       // full name of the weights it uses, "" where none
  std::string weights_prefix;
  std::vector<FlatInput> inputs;
  std::vector<FlatStage> fillers;
  std::string slot;  // of a filler
};

struct FlatWeights {
  std::string name;  // "heard.ears"
  std::string path;
  base::Place place;
};

struct FlatOutput {
  std::string name;
  End end;
};

struct Flat {
  std::deque<spec::PipelineSpec> files;  // deque: stages point into it
  std::vector<FlatStage> stages;
  std::vector<FlatWeights> weights;
  std::vector<FlatOutput> outputs;
  const spec::PipelineSpec& top() const { return files.front(); }
};

// Reads and expands the pipeline and all that it includes. Nothing where the outermost file cannot be read.
std::optional<Flat> flatten(const std::filesystem::path& pipeline, const spec::GivenParams& given,
                            base::Diagnostics& diagnostics);

}  // namespace motet::graph
