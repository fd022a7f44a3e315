#include "parity/engine.hpp"

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include "support/catch.hpp"

namespace motet::test {
namespace fs = std::filesystem;
namespace {

plugin::Registry scan() {
  const fs::path build = MOTET_BINARY_DIR;
  return plugin::Registry::scan({build / "lib/motet/plugins", build / "tests/parity_plugins"});
}

std::string text(const base::Diagnostics& diagnostics) {
  std::string out;
  for (const base::Diagnostic& one : diagnostics.list())
    out += one.place.text() + ": " + one.code + ": " + one.message + "\n";
  return out;
}

}  // namespace

fs::path model(const std::string& name) {
  const char* given = std::getenv("MOTET_MODELS");
  const char* home = std::getenv("HOME");
  const fs::path folder =
      given != nullptr ? fs::path(given) : fs::path(home != nullptr ? home : "") / ".cache/motet/models";
  if (!fs::is_directory(folder / name))
    throw std::runtime_error("no folder " + (folder / name).string() + ": ./dev model " + name);
  return folder / name;
}

fs::path smollm2() {
  for (const auto& file : fs::directory_iterator(model("smollm2"))) {
    if (file.path().extension() == ".gguf") return file.path();
  }
  throw std::runtime_error("no GGUF file in " + model("smollm2").string());
}

fs::path shipped(const std::string& name) { return fs::path(MOTET_SOURCE_DIR) / "pipelines" / name / "pipeline.yaml"; }
fs::path own(const std::string& name) {
  return fs::path(MOTET_SOURCE_DIR) / "tests/parity/pipelines" / (name + ".yaml");
}
fs::path golden_path(const std::string& file) { return fs::path(MOTET_SOURCE_DIR) / "tests/parity/goldens" / file; }

nlohmann::json golden(const std::string& file) {
  std::ifstream in(golden_path(file));
  return nlohmann::json::parse(in);
}

nlohmann::json entry(const nlohmann::json& list, const std::string& name) {
  for (const auto& one : list) {
    if (one.at("name") == name) return one;
  }
  throw std::runtime_error("no golden '" + name + "'");
}

Engine::Engine(const fs::path& pipeline, const Params& params, const std::string& device, int threads)
    : registry_(scan()) {
  spec::GivenParams given;
  for (const auto& [name, value] : params) given.insert(spec::parse_set(name + "=" + value));
  try {
    graph_ =
        std::make_unique<graph::Graph>(graph::resolve(pipeline, given, registry_, {.checking = host::Checking::on}));
  } catch (const base::DiagnosticsError& error) {
    throw std::runtime_error(text(error.diagnostics()));
  }
  device_ = device::open_device({device, threads});
}

runtime::Session& Engine::session() {
  if (!session_) session_ = std::make_unique<runtime::Session>(*graph_, *device_);
  return *session_;
}

std::vector<value::Ref> Engine::run(const std::map<std::string, value::Ref>& inputs) {
  std::vector<runtime::ItemResult> results = session().run({{inputs, nullptr}});
  if (results.front().error) FAIL(results.front().error->what());
  return std::move(results.front().outputs);
}

const value::Value& Engine::output(const std::vector<value::Ref>& results, const std::string& name) const {
  for (std::size_t i = 0; i < graph_->outputs.size(); ++i) {
    if (graph_->outputs[i].name == name) return *results.at(i);
  }
  throw std::runtime_error("no output '" + name + "'");
}

std::vector<std::int32_t> ids(const nlohmann::json& list) { return list.get<std::vector<std::int32_t>>(); }

value::Ref tokens(std::vector<std::int32_t> ids) {
  value::Tokens out;
  out.ids = std::move(ids);
  return value::make_tokens(std::move(out));
}

double cosine(std::span<const float> a, std::span<const float> b) {
  REQUIRE(a.size() == b.size());
  double ab = 0;
  double aa = 0;
  double bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += static_cast<double>(a[i]) * b[i];
    aa += static_cast<double>(a[i]) * a[i];
    bb += static_cast<double>(b[i]) * b[i];
  }
  return ab / std::sqrt(aa * bb);
}

double largest_difference(std::span<const float> a, std::span<const float> b) {
  REQUIRE(a.size() == b.size());
  double out = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double difference = std::fabs(static_cast<double>(a[i]) - b[i]);
    out = difference <= out ? out : difference;  // a NaN stays
  }
  return out;
}

}  // namespace motet::test
