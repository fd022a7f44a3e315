#include "isolation/worker_process.hpp"

#include <sys/socket.h>

#include <cstring>

#include "isolation/layout.hpp"

namespace motet::isolation {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto kLook = 5ms;         // how often a call that takes long is looked after
constexpr auto kGivingUp = 1000ms;  // a cancelled call may take this long to return
constexpr auto kQuitting = 2000ms;

bool is_set(const std::atomic<bool>* flag) { return flag != nullptr && flag->load(std::memory_order_relaxed); }
bool cancelled(const host::CallOptions& options) { return is_set(options.cancelled) || is_set(options.item_cancelled); }

}  // namespace

WorkerProcess::WorkerProcess(ProcessSettings settings, std::shared_ptr<Arena> lent)
    : settings_(std::move(settings)), lent_(std::move(lent)), channel_(Channel::open()), out_(*lent_) {
  channel_.control().most_memory_bytes = settings_.most_memory_bytes;
  Descriptor own = memory_file("motet-stage", 0);
  const Descriptor readable = read_only(lent_->file());
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) system_failed("socketpair");
  socket_ = Descriptor(ends[0]);
  const Descriptor theirs(ends[1]);
  child_ = std::make_unique<ChildProcess>(settings_.program,
                                          std::vector<std::string>{std::string(kWorkerArgument), settings_.stage},
                                          std::vector<const Descriptor*>{&theirs, &channel_.page(), &readable, &own});
  own_ = std::make_shared<View>(std::move(own), true);
}

WorkerProcess::~WorkerProcess() {
  quit();
  child_->ended_within(kQuitting);
}

void WorkerProcess::quit() {
  if (!usable_) return;
  usable_ = false;
  try {
    out_.begin();
    put_choice(out_, Ask::quit);
    channel_.pass(out_.place());
  } catch (const std::exception&) {
    child_->kill();  // no memory for so little
  }
}

void WorkerProcess::end() {
  usable_ = false;
  child_->kill();
}

void WorkerProcess::give_up(const std::string& how, const char* function) {
  end();
  throw ProcessEnded(how + " in " + function);
}

Reader WorkerProcess::wait(const Member& member, const char* function, const host::CallOptions& options) {
  const Clock::time_point deadline = Clock::now() + settings_.timeout;
  std::optional<Clock::time_point> cancelled_at;
  std::optional<Place> place = channel_.watch();
  while (true) {
    bool gone = false;
    if (!place) place = channel_.sleep(kLook);
    if (!place) {
      gone = child_->ended();
      if (gone) place = channel_.sleep(0ms);  // it may have answered with its last breath
    }
    tell_progress(member, options);
    if (place) return Reader({own_->at(*place), static_cast<std::size_t>(place->size_bytes)});
    if (gone) give_up(child_->how(), function);
    const Clock::time_point now = Clock::now();
    if (!cancelled_at && cancelled(options)) {
      channel_.control().cancelled.store(true, std::memory_order_relaxed);
      cancelled_at = now;
    }
    if (cancelled_at && now - *cancelled_at > kGivingUp) {
      end();
      base::fail(base::ErrorKind::cancelled, "cancelled");
    }
    if (now > deadline) {
      give_up("did not answer within " + std::to_string(settings_.timeout.count()) + " ms and was ended", function);
    }
  }
}

void WorkerProcess::tell_progress(const Member& member, const host::CallOptions& options) {
  const Control& control = channel_.control();
  const std::uint32_t times = control.progressed.load(std::memory_order_acquire);
  if (times == progressed_) return;
  progressed_ = times;
  if (options.progress == nullptr) return;
  options.progress->progress(member.stage, control.done.load(std::memory_order_relaxed),
                             control.total.load(std::memory_order_relaxed));
}

void WorkerProcess::exchange(const Member& member, const char* function, const host::CallOptions& options,
                             const Answer& answer, const std::function<void(Reader&)>& read) {
  channel_.control().cancelled.store(cancelled(options), std::memory_order_relaxed);
  try {
    while (true) {
      channel_.pass(out_.place());
      Reader from = wait(member, function, options);
      const auto said = from.choice(Say::hook);
      if (said == Say::done) {
        read(from);
        return take_back(from);
      }
      if (said == Say::failed) {
        try {
          throw_error(from, member.stage, member.type);
        } catch (const Nonsense&) {
          throw;
        } catch (const base::Error&) {
          take_back(from);
          throw;
        }
      }
      out_.begin();
      try {
        answer(from, out_);
      } catch (...) {
        end();  // it waits for an answer that does not come
        throw;
      }
    }
  } catch (const Nonsense& nonsense) {
    give_up(std::string("sent ") + nonsense.what() + " and was ended", function);
  }
}

std::vector<host::TensorSpec> WorkerProcess::call(const Member& member, const char* function,
                                                  std::span<const std::byte> request, const host::CallOptions& options,
                                                  const Answer& answer) {
  out_.begin();
  out_.raw(request.data(), request.size());
  std::vector<host::TensorSpec> specs;
  exchange(member, function, options, answer, [&](Reader& from) {
    specs.resize(from.count());
    for (host::TensorSpec& spec : specs) spec = get_spec(from);
  });
  return specs;
}

void WorkerProcess::process(const Member& member, std::span<const value::Value* const> inputs,
                            std::span<value::Ref> outputs, const host::CallOptions& options) {
  out_.begin();
  put_choice(out_, Ask::process);
  for (const value::Value* input : inputs) meet(input);
  put_files();
  out_.put(member.number);
  put_inputs(inputs);
  send_files();
  const auto no_hooks = [](Reader&, Writer&) { Reader::nonsense(); };
  exchange(member, "process", options, no_hooks, [&](Reader& from) {
    for (value::Ref& one : outputs) one = output(from, inputs);
  });
}

// Tensors that lie where no other process sees them are copied; the graph sees to it that these are few.
TensorBytes WorkerProcess::lend(const value::Value& value) {
  const tensor::HostTensor& tensor = value.tensor();
  const std::uint64_t number = next_loan_++;
  const tensor::Memory* memory = tensor.memory();
  if (const auto* view = dynamic_cast<const View*>(memory)) {
    loans_.emplace(number, value::Ref::share(&value));
    return {number, file_of(view->shared_from_this()), view->place(tensor.data(), tensor.size_bytes())};
  }
  if (memory != nullptr && memory == lent_.get()) {
    loans_.emplace(number, value::Ref::share(&value));
    return {number, 0, lent_->place(tensor.data(), tensor.size_bytes())};
  }
  tensor::HostTensor copy = lent_->allocate(tensor.type());
  std::memcpy(copy.data(), tensor.data(), tensor.size_bytes());
  const Place place = lent_->place(copy.data(), copy.size_bytes());
  loans_.emplace(number, value::make_tensor(std::move(copy)));
  return {number, 0, place};
}

std::uint64_t WorkerProcess::file_of(const std::shared_ptr<const View>& view) {
  for (std::size_t i = 0; i < files_.size(); ++i) {
    if (files_[i].lock() == view) return i + 1;
  }
  files_.push_back(view);
  dropped_.push_back(false);
  new_files_.push_back(view);
  return files_.size();
}

// The files where tensors lie go ahead of them.
void WorkerProcess::meet(const value::Value* value) {
  if (value == nullptr) return;
  if (value->kind() == value::Kind::list) {
    for (const value::Ref& one : value->list()) meet(one.get());
  } else if (value->kind() == value::Kind::tensor) {
    if (const auto* view = dynamic_cast<const View*>(value->tensor().memory())) file_of(view->shared_from_this());
  }
}

void WorkerProcess::put_files() {
  std::vector<std::uint64_t> gone;
  for (std::size_t i = 0; i < files_.size(); ++i) {
    if (dropped_[i] || !files_[i].expired()) continue;
    dropped_[i] = true;
    gone.push_back(i + 1);
  }
  out_.put(std::uint64_t{new_files_.size()});
  out_.array(std::span<const std::uint64_t>(gone));
}

void WorkerProcess::put_inputs(std::span<const value::Value* const> inputs) {
  const std::uint64_t first = next_loan_;
  try {
    out_.put(std::uint64_t{inputs.size()});
    for (const value::Value* input : inputs)
      put_value(out_, input, [this](const value::Value& tensor) { return lend(tensor); });
  } catch (...) {
    for (std::uint64_t number = first; number < next_loan_; ++number) loans_.erase(number);
    throw;
  }
}

void WorkerProcess::send_files() {
  try {
    for (const auto& view : new_files_) send_descriptor(socket_.number(), read_only(view->file()));
  } catch (const base::Error& error) {
    give_up(std::string("could not be given what it needs (") + error.what() + ") and was ended", "process");
  }
  new_files_.clear();
}

value::Ref WorkerProcess::output(Reader& from, std::span<const value::Value* const> inputs) {
  const auto input = from.get<std::int32_t>();
  if (input >= 0) {
    if (static_cast<std::size_t>(input) >= inputs.size() || inputs[static_cast<std::size_t>(input)] == nullptr)
      Reader::nonsense();
    return value::Ref::share(inputs[static_cast<std::size_t>(input)]);
  }
  value::Ref out =
      get_value(from, [this](const TensorBytes& bytes, const tensor::TensorType& type) { return made(bytes, type); });
  if (!out) Reader::nonsense();
  return out;
}

value::Ref WorkerProcess::made(const TensorBytes& bytes, const tensor::TensorType& type) {
  if (bytes.lent == 0) return value::make_tensor({type, own_->at(bytes.place), own_});
  const auto found = loans_.find(bytes.lent);
  if (found == loans_.end() || found->second->tensor().type() != type) Reader::nonsense();
  return found->second;
}

void WorkerProcess::take_back(Reader& from) {
  for (const std::uint64_t number : from.array<std::uint64_t>()) loans_.erase(number);
}

}  // namespace motet::isolation
