#include "verify/kit.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

#include "base/nearest.hpp"
#include "verify/last_call.hpp"
#include "verify/process.hpp"
#include "verify/setup.hpp"
#include "verify/sightings.hpp"

namespace motet::verify {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

// A folder that goes with its owner, for pipelines that the kit writes itself.
class Scratch {
 public:
  Scratch() {
    std::string pattern = (fs::temp_directory_path() / "motet-verify-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr)
      base::fail(base::ErrorKind::environment, "no folder can be made in " + fs::temp_directory_path().string());
    path_ = pattern;
  }
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

std::string described(const Ended& ended, const LastCall& last_call) {
  const std::string where = last_call.text().empty() ? "before any call into the plugin" : last_call.text();
  std::string said = ended.said;
  while (!said.empty() && said.back() == '\n') said.pop_back();
  return where + (said.empty() ? "" : "; it said: " + said);
}

class Kit {
 public:
  explicit Kit(const Order& order) : order_(order) {
    std::error_code error;
    library_ = fs::absolute(order.library, error).lexically_normal();
    if (!fs::is_regular_file(library_, error))
      base::fail(base::ErrorKind::user, "there is no file " + order.library.string(),
                 "name a plugin's library, build/my_plugin.so");
    folders_.push_back(library_.parent_path());
    folders_.insert(folders_.end(), order.plugins.begin(), order.plugins.end());
    registry_ = plugin::Registry::scan(folders_);
    for (const plugin::PluginInfo& one : registry_->plugins()) {
      if (one.library == library_) plugin_ = &one;
    }
    check_only();
  }

  std::string plugin() const { return plugin_ == nullptr ? "" : plugin_->id + " " + plugin_->version; }

  std::vector<Planned> plan() {
    std::vector<Planned> out;
    for (const Check& check : checks()) {
      if (check.on == On::library && wanted(check, "")) out.push_back({&check, "", {}});
    }
    if (plugin_ == nullptr) return out;
    for (const plugin::OperationInfo& operation : plugin_->operations) {
      for (const Check& check : checks()) {
        if (check.on == On::operation && wanted(check, operation.id)) out.push_back({&check, operation.id, {}});
      }
    }
    std::map<std::string, std::vector<Setup>> setups;
    const std::vector<fs::path> pipelines = order_.pipelines.empty() ? listed_pipelines(library_) : order_.pipelines;
    for (const fs::path& pipeline : pipelines) {
      for (auto& [type, setup] : setups_of(pipeline, order_.set, *registry_, plugin_->id))
        setups[type].push_back(std::move(setup));
      Setup whole;
      whole.pipeline = fs::absolute(spec::pipeline_file(pipeline)).lexically_normal();
      for (const Check& check : checks()) {
        if (check.on == On::pipeline && wanted(check, "")) out.push_back({&check, "", whole});
      }
    }
    for (const plugin::StageTypeInfo& type : plugin_->types) plan_type(type, setups[type.id], out);
    return out;
  }

  Outcome run(const Planned& planned) {
    const auto begin = Clock::now();
    Outcome out = planned.check->on == On::pipeline ? run_tests(planned) : run_check(planned);
    out.number = planned.check->number;
    out.type = planned.type;
    out.setup = planned.setup.derived || !planned.setup.pipeline.empty() ? planned.setup.text() : "";
    out.ms = std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
    return out;
  }

  // Writes the pipelines that are to be derived; those that cannot be are in `underivable`.
  void derive(const std::vector<Planned>& planned) {
    for (const Planned& one : planned) {
      if (!one.setup.derived || derived_.contains(one.type)) continue;
      const fs::path folder = scratch_->path() / std::to_string(derived_.size());
      fs::create_directory(folder);
      Request request = request_for({nullptr, one.type, one.setup});
      request.setup.pipeline = folder;
      const Outcome outcome = run_child(request);
      derived_[one.type] = {folder / "pipeline.yaml",
                            outcome.verdict == Verdict::passed ? "" : "no setup: " + outcome.message,
                            outcome.sightings};
    }
  }

 private:
  struct Derived {
    fs::path pipeline;
    std::string problem;  // empty: it is there
    std::vector<Sighting> sightings;
  };

  void plan_type(const plugin::StageTypeInfo& type, std::vector<Setup> setups, std::vector<Planned>& out) {
    if (setups.empty()) {
      if (!scratch_) scratch_.emplace();
      Setup derived;
      derived.derived = true;
      derived.stage = "subject";
      setups.push_back(std::move(derived));
    }
    for (const Setup& setup : setups) {
      for (const Check& check : checks()) {
        if (applies(check.on, type) && wanted(check, type.id)) out.push_back({&check, type.id, setup});
      }
    }
  }

  bool wanted(const Check& check, const std::string& type) const {
    if (check.strictness > order_.strictness) return false;
    bool checks_named = false, types_named = false, check_fits = false, type_fits = false;
    for (const std::string& one : order_.only) {
      if (is_type(one)) {
        types_named = true;
        type_fits = type_fits || one == type;
      } else {
        checks_named = true;
        check_fits = check_fits || check_named(one) == &check;
      }
    }
    return (!checks_named || check_fits) && (!types_named || type_fits);
  }

  static const Check* check_named(const std::string& text) {
    if (const Check* found = find_check(text)) return found;
    for (const Check& one : checks()) {
      if (one.slug == text) return &one;
    }
    return nullptr;
  }

  // Whether a stage type or an operation is called so.
  bool is_type(const std::string& text) const {
    const auto called = [&](const auto& one) { return one.id == text; };
    return plugin_ != nullptr &&
           (std::ranges::any_of(plugin_->types, called) || std::ranges::any_of(plugin_->operations, called));
  }

  void check_only() const {
    for (const std::string& one : order_.only) {
      if (check_named(one) != nullptr || is_type(one)) continue;
      std::vector<std::string> known;
      for (const Check& check : checks()) known.emplace_back(check.slug);
      if (plugin_ != nullptr) {
        for (const plugin::StageTypeInfo& type : plugin_->types) known.push_back(type.id);
        for (const plugin::OperationInfo& operation : plugin_->operations) known.push_back(operation.id);
      }
      base::fail(base::ErrorKind::user, "--only " + one + ": there is no such check, stage type or operation",
                 base::suggestion(one, known));
    }
  }

  Request request_for(const Planned& planned) const {
    Request out;
    out.number = planned.check == nullptr ? 0 : planned.check->number;
    out.library = library_;
    out.type = planned.type;
    out.setup = planned.setup;
    out.set = order_.set;
    out.plugins = folders_;
    out.seed = order_.seed;
    out.strictness = order_.strictness;
    out.device = order_.device;
    return out;
  }

  Outcome run_check(const Planned& planned) const {
    Request request = request_for(planned);
    if (planned.setup.derived) {
      const Derived& derived = derived_.at(planned.type);
      if (!derived.problem.empty()) {
        Outcome out;
        out.verdict = Verdict::skipped;
        out.message = derived.problem;
        out.sightings = derived.sightings;
        return out;
      }
      request.setup.pipeline = derived.pipeline;
    }
    return run_child(request);
  }

  Outcome run_child(const Request& request) const {
    LastCall last_call;
    return judged(run_process(order_.program, {"plugin", "verify", "--child", to_text(request)}, last_call.descriptor(),
                              order_.limit),
                  last_call);
  }

  static Outcome judged(const Ended& ended, const LastCall& last_call) {
    Outcome out;
    if (ended.timed_out) {
      out.verdict = Verdict::timed_out;
      out.message = described(ended, last_call);
    } else if (ended.signal != 0) {
      out.verdict = Verdict::crashed;
      out.message = std::string("SIG") + ::sigabbrev_np(ended.signal) + " " + described(ended, last_call);
    } else if (ended.answer.empty()) {
      out.verdict = Verdict::crashed;
      out.message = "it ended the process with exit status " + std::to_string(ended.exit_status) + " " +
                    described(ended, last_call);
    } else {
      out = outcome_of(ended.answer);
    }
    return out;
  }

  // A pipeline's own tests, as `motet test` runs them.
  Outcome run_tests(const Planned& planned) const {
    Outcome out;
    std::error_code ignored;
    if (!fs::exists(spec::test_file_of(planned.setup.pipeline), ignored)) {
      out.message = "there is no " + spec::test_file_of(planned.setup.pipeline).filename().string() + " beside it";
      return out;
    }
    std::vector<std::string> arguments = {"test", planned.setup.pipeline.string(), "--checked", "--device",
                                          order_.device};
    for (const std::string& one : order_.set) arguments.insert(arguments.end(), {"--set", one});
    for (const fs::path& one : folders_) arguments.insert(arguments.end(), {"--plugins", one.string()});
    LastCall last_call;
    const Ended ended = run_process(order_.program, arguments, last_call.descriptor(), order_.limit);
    if (ended.timed_out || ended.signal != 0) return judged(ended, last_call);
    out.verdict = ended.exit_status == 0 ? Verdict::passed : Verdict::failed;
    if (ended.exit_status != 0) out.message = ended.said;
    return out;
  }

  const Order& order_;
  fs::path library_;
  std::vector<fs::path> folders_;
  std::optional<plugin::Registry> registry_;
  const plugin::PluginInfo* plugin_ = nullptr;
  std::optional<Scratch> scratch_;
  std::map<std::string, Derived> derived_;
};

}  // namespace

std::size_t Verified::count(Verdict verdict) const {
  return static_cast<std::size_t>(
      std::count_if(outcomes.begin(), outcomes.end(), [&](const Outcome& one) { return one.verdict == verdict; }));
}

bool Verified::good() const {
  return std::none_of(outcomes.begin(), outcomes.end(), [](const Outcome& one) { return one.bad(); });
}

std::vector<Planned> plan(const Order& order) { return Kit(order).plan(); }

Verified verify(const Order& order, const std::function<void(const Outcome&)>& done) {
  const auto begin = Clock::now();
  Kit kit(order);
  const std::vector<Planned> planned = kit.plan();
  kit.derive(planned);
  std::vector<Outcome> outcomes(planned.size());
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::exception_ptr problem;
  const auto work = [&] {
    for (std::size_t at = next++; at < planned.size(); at = next++) {
      try {
        outcomes[at] = kit.run(planned[at]);
      } catch (...) {
        const std::lock_guard lock(mutex);
        problem = std::current_exception();
        next = planned.size();
        return;
      }
      const std::lock_guard lock(mutex);
      if (done) done(outcomes[at]);
    }
  };
  {
    std::vector<std::jthread> others;
    for (int i = 1; i < order.jobs; ++i) others.emplace_back(work);
    work();
  }
  if (problem) std::rethrow_exception(problem);
  place_sightings(outcomes);
  Verified out{order.library, kit.plugin(), order.seed, order.strictness, 0, std::move(outcomes)};
  out.ms = std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
  return out;
}

}  // namespace motet::verify
