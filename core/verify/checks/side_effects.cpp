// 25 to 31: the process belongs to everybody. It is looked at after the library was loaded and after every call.
#include <memory>
#include <utility>

#include "plugin/library.hpp"
#include "verify/exercise.hpp"
#include "verify/process_state.hpp"

namespace motet::verify::families {
namespace {

using Changed = std::string (*)(const ProcessState&, const ProcessState&);

// Looks at one aspect of the process after each call, and hands on.
class Watch final : public host::CallObserver {
 public:
  Watch(host::CallObserver& next, Changed changed, ProcessState before)
      : next_(next), changed_(changed), before_(std::move(before)) {}
  void entering(const host::Instance& instance, const char* function) override { next_.entering(instance, function); }
  void left(const host::Instance& instance, const char* function) override {
    if (found_.empty()) {
      found_ = changed_(before_, ProcessState::now());
      if (!found_.empty()) found_ = "after " + std::string(function) + ": " + found_;
    }
    next_.left(instance, function);
  }
  const std::string& found() const { return found_; }

 private:
  host::CallObserver& next_;
  Changed changed_;
  ProcessState before_;
  std::string found_;
};

// Loads it for as long as the check runs.
std::unique_ptr<const plugin::Library> loaded(Trial& trial, Changed changed, const ProcessState& before) {
  trial.note("in loading the library");
  auto library = std::make_unique<const plugin::Library>(trial.library());
  const std::string found = changed(before, ProcessState::now());
  expect(found.empty(), "after loading the library: " + found);
  return library;
}

template <Changed changed>
void watch(Trial& trial) {
  const ProcessState before = ProcessState::now();
  const auto library = loaded(trial, changed, before);
  Subject& subject = trial.subject();
  Watch watched(trial.observer(), changed, before);
  {
    Making making;
    making.observer = &watched;
    Made made = subject.make(making);
    const plugin::StageTypeInfo& type = subject.type();
    if (type.is_host()) exercise_host_stage(trial, *made);
    if (type.is_tokenizer()) exercise_tokenizer(*made);
    if (type.is_sampler()) exercise_sampler(trial, *made);
    if (type.is_tensor() || type.is_generator()) exercise_computing(trial, made);
  }
  expect(watched.found().empty(), watched.found());
}

// Files and threads may be an instance's own while it lives; when it is gone, so are they.
template <Changed changed>
void as_before_when_destroyed(Trial& trial) {
  const auto library = loaded(trial, changed, ProcessState::now());
  const plugin::StageTypeInfo& about = trial.subject().type();
  // What the host itself needs once, its device and its pool, is there before.
  if (about.is_host()) (void)trial.subject().items();
  if (about.is_tensor() || about.is_generator()) exercise(trial);
  const ProcessState before = ProcessState::now();
  {
    Made made = trial.subject().make();
    const plugin::StageTypeInfo& type = trial.subject().type();
    if (type.is_host()) exercise_host_stage(trial, *made);
    if (type.is_tokenizer()) exercise_tokenizer(*made);
    if (type.is_sampler()) exercise_sampler(trial, *made);
  }
  const std::string found = changed(before, ProcessState::now());
  expect(found.empty(), "after an instance was made, used and destroyed: " + found);
}

}  // namespace

std::span<const Check> side_effects() {
  static constexpr Check kChecks[] = {
      {25, "floating_point_kept",
       "Loading the library and every call leave rounding, denormals and traps of floating-point numbers as they were.",
       "A plugin linked with `-ffast-math` makes denormals zero for the whole process merely by being loaded, and "
       "other "
       "stages compute other results than without it.",
       "kit", On::stage, kBasic, watch<floating_point_changed>},
      {26, "locale_kept", "The locale stays as it was.",
       "Numbers are then read and written with a comma elsewhere in the process: files that cannot be read again.",
       "kit", On::stage, kNormal, watch<locale_changed>},
      {27, "signals_kept", "Signal handlers and blocked signals stay as they were.",
       "Ctrl-C no longer ends a run, or a crash is no longer reported.", "kit", On::stage, kNormal,
       watch<signals_changed>},
      {28, "working_directory_kept", "The working directory stays as it was.",
       "Relative paths of other stages and of the user lead elsewhere.", "kit", On::stage, kNormal,
       watch<directory_changed>},
      {29, "streams_kept",
       "Nothing is written to stdout, and all three streams stay as they are; `host->log` is there for messages.",
       "Motet's stdout is the pipeline's result, which another program reads.", "kit", On::stage, kNormal,
       watch<streams_changed>},
      {30, "files_closed",
       "No file is opened by loading the library, and none stays open when an instance is destroyed.",
       "A long run ends with too many open files.", "kit", On::stage, kNormal, as_before_when_destroyed<files_changed>},
      {31, "threads_ended",
       "No thread is started by loading the library, and none goes on when an instance is destroyed.",
       "It runs code of a library that is closed: a crash at the end of the program.", "kit", On::stage, kNormal,
       as_before_when_destroyed<threads_changed>},
  };
  return kChecks;
}

}  // namespace motet::verify::families
