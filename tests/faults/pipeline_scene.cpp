// The pipelines that Motet ships, with little models.
#include <map>

#include "device/device.hpp"
#include "faults/little_models.hpp"
#include "faults/scene.hpp"
#include "faults/vulkan_calls.hpp"
#include "graph/graph.hpp"
#include "plugin/registry.hpp"
#include "runtime/session.hpp"
#include "spec/expand.hpp"
#include "support/temporary_folder.hpp"
#include "value/value.hpp"

namespace motet::test {
namespace {

struct Wanted {
  std::string pipeline;
  std::map<std::string, std::string> params;
  std::map<std::string, value::Ref> inputs;
};

class PipelineScene final : public Scene {
 public:
  // `fill` writes the models into a folder that lives as long as the scene.
  template <class Fill>
  PipelineScene(bool vulkan, Fill fill) : vulkan_(vulkan), wanted_(fill(folder_.path())) {}

  std::string run() override {
    const plugin::Registry registry = plugin::Registry::scan({MOTET_BINARY_DIR "/lib/motet/plugins"});
    spec::GivenParams given;
    for (const auto& [name, value] : wanted_.params) given.insert(spec::parse_set(name + "=" + value));
    const graph::Graph graph =
        graph::resolve(MOTET_SOURCE_DIR "/pipelines/" + wanted_.pipeline + "/pipeline.yaml", given, registry);
    const std::unique_ptr<device::Device> device =
        vulkan_ ? open_failing_vulkan() : device::open_device({.name = "cpu", .threads = 1});
    runtime::SessionOptions options;
    options.threads = 1;
    runtime::Session session(graph, *device, options);
    return results(graph, session);
  }
  std::int64_t held() const override { return vulkan_ ? vulkan_objects() : 0; }

 private:
  // What was streamed, and each output.
  std::string results(const graph::Graph& graph, runtime::Session& session) const {
    std::string streamed;
    runtime::RunOptions options;
    options.on_text = [&](std::size_t, std::size_t, std::string_view piece) { streamed += piece; };
    runtime::Item item;
    item.inputs = wanted_.inputs;
    const std::vector<runtime::ItemResult> done = session.run({item}, options);
    if (done.at(0).error) throw base::Error(*done[0].error);
    std::string out = "streamed=" + streamed;
    for (std::size_t i = 0; i < graph.outputs.size(); ++i) {
      const value::Value& value = *done[0].outputs.at(i);
      out += " " + graph.outputs[i].name + "=";
      if (value.kind() == value::Kind::text) {
        out += value.text();
      } else {
        for (const std::int32_t id : value.tokens().ids) out += std::to_string(id) + ",";
      }
    }
    return out;
  }

  bool vulkan_;
  TemporaryFolder folder_;
  Wanted wanted_;
};

Wanted transcribe(const std::filesystem::path& folder) {
  write_speech_model(folder / "model");
  write_recording(folder / "recording.wav");
  return {"transcribe",
          {{"model", folder / "model"}},
          {{"audio", value::make_audio_file((folder / "recording.wav").string())}}};
}

Wanted chat(const std::filesystem::path& folder) {
  write_chat_model(folder / "model.gguf");
  return {"chat", {{"model", folder / "model.gguf"}, {"max_tokens", "12"}}, {{"text", value::make_text("a bc de")}}};
}
}  // namespace

std::unique_ptr<Scene> transcribe_scene() { return std::make_unique<PipelineScene>(false, transcribe); }
std::unique_ptr<Scene> chat_scene() { return std::make_unique<PipelineScene>(false, chat); }
std::unique_ptr<Scene> transcribe_vulkan_scene() { return std::make_unique<PipelineScene>(true, transcribe); }
std::unique_ptr<Scene> chat_vulkan_scene() { return std::make_unique<PipelineScene>(true, chat); }

}  // namespace motet::test
