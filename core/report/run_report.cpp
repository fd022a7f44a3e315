#include "report/run_report.hpp"

#include <algorithm>
#include <cmath>

#include "report/json.hpp"

namespace motet::report {
namespace {

using nlohmann::ordered_json;

double rounded_ms(double ms) { return std::round(ms * 1000) / 1000; }

bool is_tensors(const value::Value& value) {
  if (value.kind() == value::Kind::list) return !value.list().empty() && is_tensors(*value.list().front());
  return value.kind() == value::Kind::tensor;
}

ordered_json output_data(const ReportedItem& item, std::size_t o) {
  const value::Value& value = *item.outputs[o];
  if (o >= item.files.size() || !is_tensors(value)) return value_data(value);
  if (value.kind() == value::Kind::list) return item.files[o];
  return item.files[o].front();
}

ordered_json item_data(const graph::Graph& graph, const ReportedItem& item) {
  ordered_json out{{"inputs", ordered_json::object()}};
  for (const graph::Input& input : graph.inputs) {
    const auto found = item.inputs.find(input.name);
    if (found != item.inputs.end() && found->second) out["inputs"][input.name] = value_data(*found->second);
  }
  if (item.error) {
    out["error"] = error_data(*item.error);
    return out;
  }
  out["outputs"] = ordered_json::object();
  for (std::size_t o = 0; o < graph.outputs.size(); ++o) out["outputs"][graph.outputs[o].name] = output_data(item, o);
  return out;
}

ordered_json timings_data(const RunFacts& facts) {
  ordered_json out{{"load_ms", rounded_ms(facts.load_ms)}, {"total_ms", rounded_ms(facts.total_ms)}};
  out["stages"] = ordered_json::object();
  for (const auto& [name, time] : facts.timings.stages) {
    out["stages"][name] = {{"calls", time.calls}, {"total_ms", rounded_ms(time.total_ms)}};
  }
  out["generators"] = ordered_json::object();
  for (const auto& [name, time] : facts.timings.generators) {
    out["generators"][name] = {{"prompt_tokens", time.prompt_tokens},
                               {"prefill_ms", rounded_ms(time.prefill_ms)},
                               {"steps", time.step_ms.size()},
                               {"step_ms", rounded_ms(median(time.step_ms))}};
  }
  return out;
}

}  // namespace

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

std::string run_json(const graph::Graph& graph, const std::vector<ReportedItem>& items, const RunFacts& facts) {
  ordered_json out{{"items", ordered_json::array()}};
  for (const ReportedItem& item : items) out["items"].push_back(item_data(graph, item));
  out["device"] = facts.device;
  out["timings"] = timings_data(facts);
  return json_text(out);
}

}  // namespace motet::report
