#include "report/bench_report.hpp"

#include <algorithm>
#include <cstdio>
#include <map>

#include "report/json.hpp"
#include "report/run_report.hpp"

namespace motet::report {
namespace {

using nlohmann::ordered_json;

struct Operation {
  std::string op;
  std::size_t count = 0;
  double ms = 0;
};

std::vector<Operation> operations(const Recorder& recorder) {
  std::map<std::string, Operation> by_name;
  for (const Recorder::Run& run : recorder.runs()) {
    const Recorder::Plan& plan = recorder.plans()[run.plan];
    for (std::size_t i = 0; i < run.kernels.size(); ++i) {
      Operation& operation = by_name[plan.kernels[i].op];
      operation.op = plan.kernels[i].op;
      ++operation.count;
      operation.ms += static_cast<double>(run.kernels[i].end_ns - run.kernels[i].begin_ns) / 1e6;
    }
  }
  std::vector<Operation> out;
  for (auto& [name, operation] : by_name) out.push_back(std::move(operation));
  std::sort(out.begin(), out.end(), [](const Operation& a, const Operation& b) { return a.ms > b.ms; });
  return out;
}

struct StageRow {
  std::string name;
  std::uint64_t calls = 0;
  double ms = 0;
};

std::vector<StageRow> stages(const BenchFacts& facts) {
  std::vector<StageRow> out;
  if (facts.rounds.empty()) return out;
  for (const auto& [name, time] : facts.rounds.back().stages) {
    std::vector<double> all;
    for (const runtime::Timings& round : facts.rounds) all.push_back(round.stages.at(name).total_ms);
    out.push_back({name, time.calls, median(std::move(all))});
  }
  std::sort(out.begin(), out.end(), [](const StageRow& a, const StageRow& b) { return a.ms > b.ms; });
  return out;
}

struct GeneratorRow {
  std::string name;
  std::uint64_t prompt_tokens = 0;
  double prefill_ms = 0;
  std::size_t steps = 0;
  double step_ms = 0;
};

std::vector<GeneratorRow> generators(const BenchFacts& facts) {
  std::vector<GeneratorRow> out;
  if (facts.rounds.empty()) return out;
  for (const auto& [name, last] : facts.rounds.back().generators) {
    std::vector<double> prefill, steps;
    for (const runtime::Timings& round : facts.rounds) {
      const runtime::GeneratorTime& time = round.generators.at(name);
      prefill.push_back(time.prefill_ms);
      steps.insert(steps.end(), time.step_ms.begin(), time.step_ms.end());
    }
    out.push_back(
        {name, last.prompt_tokens, median(std::move(prefill)), last.step_ms.size(), median(std::move(steps))});
  }
  return out;
}

template <class... Values>
std::string line(const char* format, Values... values) {
  char out[256];
  std::snprintf(out, sizeof out, format, values...);
  return out;
}

}  // namespace

runtime::Timings difference(const runtime::Timings& before, const runtime::Timings& after) {
  runtime::Timings out = after;
  for (const auto& [name, time] : before.stages) {
    out.stages[name].calls -= time.calls;
    out.stages[name].total_ms -= time.total_ms;
  }
  for (const auto& [name, time] : before.generators) {
    runtime::GeneratorTime& left = out.generators[name];
    left.prompt_tokens -= time.prompt_tokens;
    left.prefill_ms -= time.prefill_ms;
    left.step_ms.erase(left.step_ms.begin(), left.step_ms.begin() + static_cast<std::ptrdiff_t>(time.step_ms.size()));
  }
  return out;
}

std::string bench_text(const BenchFacts& facts, const Recorder& recorder) {
  const double round = median(facts.round_ms);
  std::string out = facts.pipeline + " on " + facts.device + ": " + std::to_string(facts.round_ms.size()) +
                    (facts.round_ms.size() == 1 ? " round of " : " rounds of ") + std::to_string(facts.items) +
                    (facts.items == 1 ? " item" : " items") + ", medians\n";
  out += line("  load   %10.2f ms\n  round  %10.2f ms  %.2f items a second\n", facts.load_ms, round,
              static_cast<double>(facts.items) * 1e3 / round);
  out += line("\n%-32s %8s %10s %7s\n", "stage", "calls", "ms", "share");
  for (const StageRow& row : stages(facts)) {
    out += line("  %-30.60s %8llu %10.2f %6.1f%%\n", row.name.c_str(), static_cast<unsigned long long>(row.calls),
                row.ms, 100 * row.ms / round);
  }
  for (const GeneratorRow& row : generators(facts)) {
    out += line("\ngenerator %.60s\n", row.name.c_str());
    out += line("  prompt %6llu tokens %10.2f ms  %.0f tokens a second\n",
                static_cast<unsigned long long>(row.prompt_tokens), row.prefill_ms,
                row.prefill_ms > 0 ? static_cast<double>(row.prompt_tokens) * 1e3 / row.prefill_ms : 0.0);
    out += line("  steps  %6zu of     %10.2f ms  %.0f a second\n", row.steps, row.step_ms,
                row.step_ms > 0 ? 1e3 / row.step_ms : 0.0);
  }
  const std::vector<Operation> all = operations(recorder);
  double sum = 0;
  for (const Operation& operation : all) sum += operation.ms;
  out += line("\n%-32s %8s %10s %7s   (one more round, each kernel measured)\n", "operation", "count", "ms", "share");
  for (const Operation& operation : all) {
    out += line("  %-30.60s %8zu %10.2f %6.1f%%\n", operation.op.c_str(), operation.count, operation.ms,
                sum > 0 ? 100 * operation.ms / sum : 0.0);
  }
  return out;
}

std::string bench_json(const BenchFacts& facts, const Recorder& recorder) {
  ordered_json out{{"pipeline", facts.pipeline},      {"device", facts.device},   {"items", facts.items},
                   {"rounds", facts.round_ms.size()}, {"load_ms", facts.load_ms}, {"round_ms", median(facts.round_ms)}};
  out["stages"] = ordered_json::object();
  for (const StageRow& row : stages(facts)) out["stages"][row.name] = {{"calls", row.calls}, {"ms", row.ms}};
  out["generators"] = ordered_json::object();
  for (const GeneratorRow& row : generators(facts)) {
    out["generators"][row.name] = {{"prompt_tokens", row.prompt_tokens},
                                   {"prefill_ms", row.prefill_ms},
                                   {"steps", row.steps},
                                   {"step_ms", row.step_ms}};
  }
  out["operations"] = ordered_json::array();
  for (const Operation& one : operations(recorder))
    out["operations"].push_back({{"op", one.op}, {"count", one.count}, {"ms", one.ms}});
  return json_text(out);
}

}  // namespace motet::report
