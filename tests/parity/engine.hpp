// A pipeline made ready to run, goldens, and figures to compare by.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "device/device.hpp"
#include "graph/graph.hpp"
#include "plugin/registry.hpp"
#include "runtime/session.hpp"

namespace motet::test {

using Params = std::map<std::string, std::string>;

// Folder of a real model that `./dev test` fetched. Throws where it is not there: a test without its model fails.
std::filesystem::path model(const std::string& name);
std::filesystem::path smollm2();  // its GGUF file

std::filesystem::path shipped(const std::string& name);  // pipelines/NAME
std::filesystem::path own(const std::string& name);      // tests/parity/pipelines/NAME.yaml
std::filesystem::path golden_path(const std::string& file);
nlohmann::json golden(const std::string& file);
nlohmann::json entry(const nlohmann::json& list, const std::string& name);  // the one with this "name"

class Engine {
 public:
  // `device`: cpu or vulkan. Checks of the host are on. Throws with the diagnostics as text.
  Engine(const std::filesystem::path& pipeline, const Params& params, const std::string& device, int threads = 0);

  // The results of one item; fails the test where the item does.
  std::vector<value::Ref> run(const std::map<std::string, value::Ref>& inputs);
  const graph::Graph& graph() const { return *graph_; }
  device::Device& device() { return *device_; }
  // Made on first use, so that a test may make its own instead.
  runtime::Session& session();
  // Of a result of run(), by the output's name.
  const value::Value& output(const std::vector<value::Ref>& results, const std::string& name) const;
  const value::Value& output(const runtime::ItemResult& result, const std::string& name) const {
    return output(result.outputs, name);
  }

 private:
  plugin::Registry registry_;
  std::unique_ptr<graph::Graph> graph_;
  std::unique_ptr<device::Device> device_;
  std::unique_ptr<runtime::Session> session_;
};

std::vector<std::int32_t> ids(const nlohmann::json& list);
value::Ref tokens(std::vector<std::int32_t> ids);

// Of two vectors of one size; NaN where one of them is all zero.
double cosine(std::span<const float> a, std::span<const float> b);
double largest_difference(std::span<const float> a, std::span<const float> b);

}  // namespace motet::test
