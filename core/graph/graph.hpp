// Typed stages and edges, checked: what a pipeline means, with nothing left that its author could have done wrong.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "graph/symbols.hpp"
#include "graph/type.hpp"
#include "host/instance.hpp"
#include "host/operation.hpp"
#include "isolation/isolated_stage.hpp"
#include "plugin/registry.hpp"
#include "spec/expand.hpp"
#include "spec/pipeline.hpp"
#include "weights/file.hpp"

namespace motet::graph {

enum class Way : std::uint8_t {
  host,       // process(): values in, values out
  tensor,     // build(): operations
  generator,  // build() of a step, run by the engine's loop
  filler,     // in a slot; called by its owner
};

// Where a value comes from: an input of the pipeline (stage -1), or an output port of a stage.
struct Source {
  int stage = -1;
  int port = 0;       // of the stage's outputs; the input's number where stage is -1
  base::Place place;  // where the reference stands
};

struct WeightsFile {
  std::string name;  // the pipeline's
  std::shared_ptr<const weights::File> file;
};

// A weight as a stage may ask for it in build(), found and checked. Equal (file, bytes) are the same leaf.
struct Weight {
  std::string canonical;
  std::string name;  // in the file
  tensor::DType dtype = tensor::DType::none;
  tensor::Shape shape;
  std::span<const std::byte> bytes;  // in the mapped file, which the graph keeps
};

struct Input {
  std::string name;
  std::string help;
  PortType type;
  bool once = false;
  std::optional<std::string> otherwise;       // what --in would be given; its paths need no folder any more
  std::shared_ptr<tensor::Allocator> memory;  // as Stage::memory: tensors that lie elsewhere are copied
};

struct Output {
  std::string name;
  Source source;
};

struct Stage {
  std::string name;  // "words", "heard.encoder", of a filler "words/cross_attention"
  base::Place place;
  const plugin::StageTypeInfo* type = nullptr;
  Way way = Way::host;
  bool once = false;                         // depends on inputs only that are computed once a session
  bool maps = false;                         // a host stage for elements that gets lists: called once for each element
  std::unique_ptr<host::Instance> instance;  // null where it is isolated, or its owner is
  std::unique_ptr<isolation::IsolatedStage> isolated;  // a host stage in a process of its own; else null
  // Where the tensors that it makes must lie, since an isolated stage comes after it; null: anywhere. Shared: values
  // outlive the graph.
  std::shared_ptr<tensor::Allocator> memory;
  std::vector<host::ParamValue> parameters;   // one for each declared one
  std::vector<std::optional<Source>> inputs;  // by input port
  std::vector<EdgeType> input_types;          // as the stage sees them; only where connected
  std::vector<EdgeType> output_types;
  std::map<std::string, int> slots;  // name -> the stage that fills it
  int owner = -1;                    // of a filler
  std::string slot;                  // of a filler
  int weights = -1;                  // into Graph::files; -1: none
  std::string weights_prefix;
  std::map<std::string, Weight> weights_by_name;  // canonical -> found; optional ones that are absent are not here
};

struct Graph {
  std::string name;
  std::string summary;
  std::vector<Input> inputs;
  std::vector<Stage> stages;  // each after those it takes values from; fillers right after their owner
  std::vector<Output> outputs;
  std::vector<WeightsFile> files;
  // By id, what the plugins of its stages bring. Shared: programs keep those that they use.
  std::map<std::string, std::shared_ptr<const host::Operation>, std::less<>> operations;
  Symbols symbols;
  Dim batch;  // the symbol of a batch's items

  const EdgeType& type(const Source& source) const {
    return source.stage < 0
               ? input_types[static_cast<std::size_t>(source.port)]
               : stages[static_cast<std::size_t>(source.stage)].output_types[static_cast<std::size_t>(source.port)];
  }
  std::vector<EdgeType> input_types;  // by input

  // The symbol that counts a list's elements, one for each origin of lists.
  Dim list_dim(const EdgeType& list) const { return Dim::of_symbol(list.list_symbol); }
  bool is_list(Dim dim) const;
  std::vector<Dim> list_dims;
};

struct ResolveOptions {
  host::Checking checking = host::Checking::off;
  host::CallObserver* observer = nullptr;  // must outlive the graph; may be null
  std::filesystem::path worker{};          // the program of isolated stages; where there is none they are refused
  bool in_process = false;                 // nothing is isolated, whatever the pipeline says
};

// Everything that can be known without a device. Throws base::DiagnosticsError with all mistakes, Error for a world
// that fails. The registry must outlive the graph.
Graph resolve(const std::filesystem::path& pipeline, const spec::GivenParams& given, const plugin::Registry& registry,
              const ResolveOptions& options = {});

// "text", "f32[B, T, 384]": for messages and drawings.
std::string text(const EdgeType& type, const Symbols& symbols);

}  // namespace motet::graph
