// Runs a pipeline's text on the cpu device with the plugins of this build, for tests of plugins.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/diagnostic.hpp"
#include "device/device.hpp"
#include "graph/graph.hpp"
#include "plugin/registry.hpp"
#include "runtime/session.hpp"
#include "spec/expand.hpp"
#include "value/value.hpp"

namespace motet::test {

inline const plugin::Registry& built_plugins() {
  static const plugin::Registry registry = plugin::Registry::scan({MOTET_BINARY_DIR "/lib/motet/plugins"});
  return registry;
}

// What the pipeline's author is told, a line a mistake ("message | help"); empty where all is well.
inline std::string mistakes(const std::filesystem::path& pipeline) {
  try {
    (void)graph::resolve(pipeline, {}, built_plugins(), {.checking = host::Checking::on});
  } catch (const base::DiagnosticsError& error) {
    std::string out;
    for (const base::Diagnostic& one : error.diagnostics().list()) out += one.message + " | " + one.help + "\n";
    return out;
  }
  return "";
}

class PipelineRunner {
 public:
  explicit PipelineRunner(const std::filesystem::path& pipeline, const std::string& device = "cpu")
      : graph_(graph::resolve(pipeline, {}, built_plugins(), {.checking = host::Checking::on})),
        device_(device::open_device({.name = device, .threads = 2})),
        session_(std::make_unique<runtime::Session>(graph_, *device_)) {}

  using Inputs = std::map<std::string, value::Ref>;
  // The outputs of each item by name; throws the error of the first item that failed.
  std::vector<std::map<std::string, value::Ref>> run(const std::vector<Inputs>& all) {
    std::vector<runtime::Item> items;
    for (const Inputs& inputs : all) {
      runtime::Item item;
      item.inputs = inputs;
      items.push_back(std::move(item));
    }
    std::vector<std::map<std::string, value::Ref>> out;
    for (runtime::ItemResult& result : session_->run(items)) {
      if (result.error) throw base::Error(*result.error);
      std::map<std::string, value::Ref> named;
      for (std::size_t i = 0; i < graph_.outputs.size(); ++i)
        named[graph_.outputs[i].name] = std::move(result.outputs[i]);
      out.push_back(std::move(named));
    }
    return out;
  }

 private:
  graph::Graph graph_;
  std::unique_ptr<device::Device> device_;
  std::unique_ptr<runtime::Session> session_;
};

inline value::Ref tokens_value(std::vector<std::int32_t> ids) {
  value::Tokens tokens;
  tokens.ids = std::move(ids);
  return value::make_tokens(std::move(tokens));
}

inline value::Ref tensor_value(const std::vector<float>& data, const tensor::Shape& shape) {
  tensor::HostTensor made(tensor::DType::f32, shape);
  std::copy(data.begin(), data.end(), made.as<float>().begin());
  return value::make_tensor(std::move(made));
}

}  // namespace motet::test
