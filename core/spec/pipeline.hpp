// A pipeline file: exactly what was written, each part with its place. What the names mean is the graph's business.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.hpp"
#include "spec/node.hpp"

namespace motet::spec {

struct Text {
  std::string text;
  base::Place place;
  bool empty() const { return text.empty(); }
};

enum class ParamType { string, path, integer, floating, boolean };

struct ParamSpec {
  Text name;
  Text type_text;  // as written: "int", "string[]", "enum"
  ParamType type = ParamType::string;
  bool list = false;
  std::optional<Node> default_value;  // absent: must be given
  std::optional<double> min, max;     // numbers only; of each element of a list
  std::vector<Node> choices;          // scalars; empty: anything
  std::string help;
  bool broken = false;  // the declaration is wrong, and a diagnostic says so
};

struct WeightsSpec {
  Text name;
  Node path;  // a scalar; may hold ${...} until expanded
};

struct InputSpec {
  Text name;
  Text type;  // "audio", "text[]"
  bool once = false;
  std::string help;
  std::optional<Node> default_value;  // absent: must be given
};

// "stage", "stage.port" or "inputs.name".
struct Reference {
  std::string text;
  std::string stage;  // empty where it names an input of the pipeline
  std::string port;   // empty: the stage's only or first output; else the port, or the input's name
  base::Place place;
  bool is_input() const { return stage.empty(); }
};

struct PortSpec {
  Text port;  // empty text: the stage's only input (`in: pixels`)
  std::vector<Reference> references;
  bool list = false;  // written as a list, also with one element
};

struct WeightsUse {
  Text from;    // a name of the pipeline's `weights:`
  Text prefix;  // may be empty
};

struct Argument {
  Text name;
  Node value;
};

struct Isolation {
  bool on = false;                            // a process of its own
  base::Place place;                          // of what is written there
  std::chrono::milliseconds timeout{60'000};  // of a call
  std::uint64_t most_memory_bytes = 0;        // 0: as much as there is
};

struct StageSpec {
  Text name;          // of a slot's filler: the slot
  base::Place place;  // of what describes it
  Text use;           // a stage type, "type" or "plugin:type"; empty where `include` is there
  Text include;       // a path relative to the file
  std::vector<Argument> with;
  std::optional<WeightsUse> weights;
  std::vector<PortSpec> in;
  std::vector<StageSpec> slots;
  Isolation isolation;
};

struct OutputSpec {
  Text name;
  Reference reference;
};

struct PipelineSpec {
  std::filesystem::path path;       // the file, as the user would write it
  std::filesystem::path canonical;  // the same without links and dots: equal for one file however it is named
  std::shared_ptr<const base::SourceFile> file;
  std::string name;  // the folder's where the file gives none
  std::string summary;
  std::vector<ParamSpec> params;
  std::vector<WeightsSpec> weights;
  std::vector<InputSpec> inputs;
  std::vector<StageSpec> stages;
  std::vector<OutputSpec> outputs;

  std::filesystem::path folder() const { return path.parent_path(); }  // what relative paths in it start from
};

// The file that PIPELINE names: itself, or pipeline.yaml of the folder. Throws Error(user) where there is none.
std::filesystem::path pipeline_file(const std::filesystem::path& pipeline);

// Reads a pipeline (a file or its folder). Nothing only where the text cannot be read at all; otherwise what could be
// read, which is right only if no diagnostic was added. Throws Error(user) where there is no such file.
std::optional<PipelineSpec> load(const std::filesystem::path& pipeline, base::Diagnostics& diagnostics);

// The same from a document. `path` names the file that it came from.
PipelineSpec parse_pipeline(const Node& document, const std::filesystem::path& path, base::Diagnostics& diagnostics);

// A path in a pipeline's file as it is meant: absolute ones as they are, others from the folder of the file.
std::filesystem::path resolve_path(const PipelineSpec& pipeline, std::string_view text);

// "stage", "stage.port", "inputs.name"; nothing where it is none of them.
std::optional<Reference> parse_reference(std::string_view text);

// Letters, digits, _ and -, beginning with a letter or _.
bool is_name(std::string_view text);

}  // namespace motet::spec
