#include "fuzz/stages.hpp"

#include "base/diagnostic.hpp"
#include "graph/params.hpp"

namespace motet::fuzz {

const plugin::Registry& built_plugins() {
  static const plugin::Registry registry = plugin::Registry::scan({MOTET_BINARY_DIR "/lib/motet/plugins"});
  return registry;
}

std::unique_ptr<host::Instance> make_stage(const std::string& type, const std::map<std::string, std::string>& with) {
  const plugin::Found found = built_plugins().find(type);
  if (found.type == nullptr) base::fail(base::ErrorKind::environment, "no plugin of this build has the type " + type);
  spec::StageSpec written;
  for (const auto& [name, value] : with) written.with.push_back({{name, {}}, spec::Node::scalar(value, true)});
  spec::PipelineSpec file;
  graph::FlatStage stage;
  stage.spec = &written;
  stage.file = &file;
  base::Diagnostics diagnostics;
  const std::vector<host::ParamValue> params = graph::bind_arguments(stage, *found.type, diagnostics);
  if (!diagnostics.empty()) throw base::DiagnosticsError(std::move(diagnostics));
  return host::Instance::create(built_plugins().load(*found.type), {"fuzzed", {}, host::Checking::on}, params, {});
}

}  // namespace motet::fuzz
