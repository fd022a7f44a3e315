#include "report/trace.hpp"

#include <algorithm>
#include <limits>

#include "report/json.hpp"

namespace motet::report {
namespace {

using nlohmann::ordered_json;

constexpr int kProcess = 1;
enum Track { kStages = 1, kPrograms = 2, kKernels = 3, kFirstWorker = 4 };

ordered_json track_name(int track, const std::string& name) {
  return {{"name", "thread_name"}, {"ph", "M"}, {"pid", kProcess}, {"tid", track}, {"args", {{"name", name}}}};
}

class Events {
 public:
  explicit Events(std::uint64_t begin_ns) : begin_ns_(begin_ns) {
    list_.push_back(track_name(kStages, "stages"));
    list_.push_back(track_name(kPrograms, "programs"));
    list_.push_back(track_name(kKernels, "kernels"));
  }
  void name(int track, const std::string& name) { list_.push_back(track_name(track, name)); }
  void add(int track, const std::string& name, std::uint64_t begin_ns, std::uint64_t end_ns, ordered_json arguments) {
    ordered_json event{{"name", name},       {"ph", "X"},
                       {"ts", us(begin_ns)}, {"dur", static_cast<double>(end_ns - begin_ns) / 1e3},
                       {"pid", kProcess},    {"tid", track}};
    if (!arguments.empty()) event["args"] = std::move(arguments);
    list_.push_back(std::move(event));
  }
  ordered_json take() { return std::move(list_); }

 private:
  double us(std::uint64_t ns) const { return static_cast<double>(static_cast<std::int64_t>(ns - begin_ns_)) / 1e3; }
  std::uint64_t begin_ns_;
  ordered_json list_ = ordered_json::array();
};

std::uint64_t begin_of(const Recorder& recorder) {
  std::uint64_t begin = std::numeric_limits<std::uint64_t>::max();
  for (const Recorder::Span& span : recorder.spans()) begin = std::min(begin, span.interval.begin_ns);
  for (const Recorder::Run& run : recorder.runs()) begin = std::min(begin, run.interval.begin_ns);
  return begin;
}

}  // namespace

std::string trace_json(const Recorder& recorder) {
  Events events(begin_of(recorder));
  int workers = 0;
  for (const Recorder::Span& span : recorder.spans()) {
    for (; workers < span.worker; ++workers)
      events.name(kFirstWorker + workers, "host stages, worker " + std::to_string(workers + 1));
    const int track = span.worker == 0 ? static_cast<int>(kStages) : kFirstWorker + span.worker - 1;
    events.add(track, span.stage, span.interval.begin_ns, span.interval.end_ns, {});
  }
  for (const Recorder::Run& run : recorder.runs()) {
    const Recorder::Plan& plan = recorder.plans()[run.plan];
    events.add(kPrograms, plan.name, run.interval.begin_ns, run.interval.end_ns, {{"kernels", plan.kernels.size()}});
    for (std::size_t i = 0; i < run.kernels.size(); ++i) {
      const Recorder::Kernel& kernel = plan.kernels[i];
      events.add(kKernels, kernel.op, run.kernels[i].begin_ns, run.kernels[i].end_ns,
                 {{"scope", kernel.scope}, {"result", kernel.shape}});
    }
  }
  return json_text({{"traceEvents", events.take()}, {"displayTimeUnit", "ms"}});
}

}  // namespace motet::report
