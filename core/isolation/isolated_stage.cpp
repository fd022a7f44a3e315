#include "isolation/isolated_stage.hpp"

#include <algorithm>
#include <cassert>

#include "isolation/remote_hooks.hpp"

namespace motet::isolation {
namespace {

// After so many in a row nobody waits for another.
constexpr int kMostFailedStarts = 2;

// A message outside of shared memory, for as long as it may be needed again.
std::vector<std::byte> kept(std::span<const std::byte> bytes) { return {bytes.begin(), bytes.end()}; }

// The rest of a question says which one it is; the answer begins with whether there is one.
void answer_question(Reader& question, host::NegotiationHooks& hooks, Writer& answer) {
  const auto begin = [&](bool good) {
    answer.begin();
    put_choice(answer, Ask::hook_answer);
    answer.put(good);
  };
  const auto hook = question.choice(Hook::offered);
  begin(true);
  try {
    answer_hook(hook, question, hooks, answer);
  } catch (const Nonsense&) {
    throw;
  } catch (const base::Error& error) {
    begin(false);
    put_error(answer, error);
  }
}

}  // namespace

IsolatedStage::IsolatedStage(ProcessSettings settings, std::shared_ptr<Arena> lent)
    : settings_(std::move(settings)), lent_(std::move(lent)) {}

IsolatedStage::~IsolatedStage() {
  for (const auto& process : idle_) process->quit();  // all of them, before the first is waited for
}

std::uint32_t IsolatedStage::create(const plugin::StageTypeInfo& type, const std::filesystem::path& library,
                                    const host::InstanceSettings& settings, std::span<const host::ParamValue> params,
                                    const host::CallOptions& options) {
  const auto number = static_cast<std::uint32_t>(members_.size());
  members_.push_back({number, settings.stage, type.id});
  plugin_ = type.plugin;
  Writer request(*lent_);
  put_choice(request, Ask::create);
  request.put(library.string());
  request.put(type.id);
  request.put(settings.stage);
  request.put(settings.folder.string());
  put_choice(request, settings.checking);
  request.put(std::uint64_t{params.size()});
  for (const host::ParamValue& param : params) put_param(request, param);
  step({number, "create", kept(request.bytes()), {}}, options);
  return number;
}

void IsolatedStage::fill(std::uint32_t owner, std::string_view slot, std::uint32_t filler) {
  Writer request(*lent_);
  put_choice(request, Ask::fill);
  request.put(owner);
  request.put(slot);
  request.put(filler);
  step({owner, "create", kept(request.bytes()), {}}, {});
}

void IsolatedStage::negotiate(std::uint32_t member, std::span<const host::TensorSpec> inputs,
                              std::span<host::TensorSpec> outputs, const host::CallOptions& options) {
  Writer request(*lent_);
  put_choice(request, Ask::negotiate);
  request.put(member);
  for (const std::span<const host::TensorSpec> specs : {inputs, std::span<const host::TensorSpec>(outputs)}) {
    request.put(std::uint64_t{specs.size()});
    for (const host::TensorSpec& spec : specs) put_spec(request, spec);
  }
  const std::vector<host::TensorSpec> answer = step({member, "negotiate", kept(request.bytes()), {}}, options);
  std::copy_n(answer.begin(), std::min(answer.size(), outputs.size()), outputs.begin());
}

std::vector<host::TensorSpec> IsolatedStage::step(Step step, const host::CallOptions& options) {
  assert(!failed_);
  std::unique_ptr<WorkerProcess> process = idle();
  const auto answer = [&](Reader& question, Writer& to) {
    if (options.hooks == nullptr) Reader::nonsense();
    (void)question.get<std::uint32_t>();  // the member, whose turn it is
    Exchange made{kept(question.rest()), {}};
    answer_question(question, *options.hooks, to);
    made.answer = kept(to.bytes());
    step.asked.push_back(std::move(made));
  };
  try {
    if (!process) process = std::make_unique<WorkerProcess>(settings_, lent_);
    std::vector<host::TensorSpec> specs =
        process->call(members_[step.member], step.function, step.request, options, answer);
    steps_.push_back(std::move(step));
    put_back(std::move(process));
    return specs;
  } catch (...) {
    failed_ = !process || !process->usable();
    put_back(std::move(process));
    throw;
  }
}

void IsolatedStage::replay(WorkerProcess& process, const Step& step, const host::CallOptions& options) const {
  std::vector<bool> used(step.asked.size());
  const auto answer = [&](Reader& question, Writer& to) {
    (void)question.get<std::uint32_t>();
    const auto asked = question.rest();
    for (std::size_t i = 0; i < used.size(); ++i) {
      if (used[i] ||
          !std::equal(asked.begin(), asked.end(), step.asked[i].question.begin(), step.asked[i].question.end()))
        continue;
      used[i] = true;
      to.begin();
      return to.raw(step.asked[i].answer.data(), step.asked[i].answer.size());
    }
    throw Nonsense("another question than the first process had");
  };
  host::CallOptions replayed = options;
  replayed.progress = nullptr;
  process.call(members_[step.member], step.function, step.request, replayed, answer);
}

std::unique_ptr<WorkerProcess> IsolatedStage::start(const host::CallOptions& options) const {
  auto made = std::make_unique<WorkerProcess>(settings_, lent_);
  for (const Step& step : steps_) replay(*made, step, options);
  return made;
}

std::unique_ptr<WorkerProcess> IsolatedStage::idle() const {
  const std::lock_guard lock(mutex_);
  while (!idle_.empty()) {
    std::unique_ptr<WorkerProcess> process = std::move(idle_.back());
    idle_.pop_back();
    if (process->alive()) return process;  // it may have been killed since, which is not the next item's fault
  }
  return nullptr;
}

void IsolatedStage::put_back(std::unique_ptr<WorkerProcess> process) const {
  if (!process || !process->usable()) return;
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(process));
}

std::unique_ptr<WorkerProcess> IsolatedStage::take(const host::CallOptions& options) const {
  if (std::unique_ptr<WorkerProcess> process = idle()) return process;
  {
    const std::lock_guard lock(mutex_);
    if (failed_starts_ >= kMostFailedStarts)
      fail(base::ErrorKind::plugin, "no fresh process is made for it any more: " + why_);
  }
  try {
    std::unique_ptr<WorkerProcess> process = start(options);
    const std::lock_guard lock(mutex_);
    failed_starts_ = 0;
    return process;
  } catch (const base::Error& error) {
    if (error.kind() == base::ErrorKind::cancelled) throw;
    const std::lock_guard lock(mutex_);
    ++failed_starts_;
    why_ = error.what();
    fail(base::ErrorKind::item, "a fresh process for it failed: " + why_);
  }
}

void IsolatedStage::fail(base::ErrorKind kind, const std::string& what) const {
  const WorkerProcess::Member& stage = members_.back();
  base::fail(kind, "stage '" + stage.stage + "' (" + plugin_ + ":" + stage.type + "), isolated: " + what);
}

void IsolatedStage::process(std::span<const value::Value* const> inputs, std::span<value::Ref> outputs,
                            const host::CallOptions& options) const {
  std::unique_ptr<WorkerProcess> process = take(options);
  try {
    process->process(members_.back(), inputs, outputs, options);
  } catch (const ProcessEnded& ended) {
    fail(base::ErrorKind::item, std::string("its process ") + ended.what());
  } catch (const base::Error& error) {
    // One that has run out of memory is given up like one that crashed: the next item shall find some.
    if (error.kind() == base::ErrorKind::environment) fail(base::ErrorKind::item, error.what());
    put_back(std::move(process));
    throw;
  }
  put_back(std::move(process));
}

}  // namespace motet::isolation
