#include "isolation/worker.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <new>
#include <thread>
#include <utility>
#include <vector>

#include "base/log.hpp"
#include "isolation/channel.hpp"
#include "isolation/layout.hpp"
#include "isolation/loans.hpp"
#include "isolation/messages.hpp"
#include "isolation/remote_hooks.hpp"

namespace motet::isolation {
namespace {

using namespace std::chrono_literals;

// The page says how far the call is.
class SharedProgress final : public host::ProgressSink {
 public:
  explicit SharedProgress(Control& control) : control_(control) {}
  void progress(std::string_view, std::uint64_t done, std::uint64_t total) override {
    control_.done.store(done, std::memory_order_relaxed);
    control_.total.store(total, std::memory_order_relaxed);
    control_.progressed.fetch_add(1, std::memory_order_release);
  }

 private:
  Control& control_;
};

// The stage, and before it those that fill its slots.
struct Member {
  std::unique_ptr<RemoteHooks> hooks;
  std::unique_ptr<host::Instance> instance;
};

class Worker {
 public:
  Worker()
      : channel_(Side::worker, Descriptor(kControl)),
        arena_(std::make_shared<Arena>(Descriptor(kOwnArena), limited(channel_.control().most_memory_bytes))),
        out_(*arena_),
        progress_(channel_.control()) {
    files_.push_back(std::make_unique<View>(Descriptor(kHostArena), false));
  }

  void serve() {
    while (true) {
      Reader from = next();
      const auto ask = from.choice(Ask::quit);
      if (ask == Ask::quit) return;
      out_.begin();
      try {
        put_choice(out_, Say::done);
        work(ask, from);
      } catch (const base::Error& error) {
        fail(error);
      } catch (const std::bad_alloc&) {
        fail(base::Error(base::ErrorKind::environment, "there is not enough memory"));
      } catch (const std::exception& error) {
        fail(base::Error(base::ErrorKind::plugin, error.what()));
      }
      put_returned();
      channel_.pass(out_.place());
    }
  }

 private:
  // The heap; what lies in shared memory is the arena's to count. Gives the arena's limit.
  static std::uint64_t limited(std::uint64_t bytes) {
    if (bytes == 0) return UINT64_MAX;
    const struct rlimit limit{bytes, bytes};
    if (::setrlimit(RLIMIT_DATA, &limit) != 0) system_failed("limiting the memory of an isolated stage");
    return bytes;
  }

  // For as long as it takes: where the host is gone, the process ends without a word.
  Reader next() {
    std::optional<Place> place = channel_.watch();
    while (!place) place = channel_.sleep(60min);
    return Reader({files_.front()->at(*place), static_cast<std::size_t>(place->size_bytes)});
  }

  void work(Ask ask, Reader& from) {
    switch (ask) {
      case Ask::create:
        return create(from);
      case Ask::fill:
        return fill(from);
      case Ask::negotiate:
        return negotiate(from);
      case Ask::process:
        return process(from);
      case Ask::hook_answer:
      case Ask::quit:
        break;
    }
    Reader::nonsense();
  }

  void fail(const base::Error& error) {
    out_.begin();
    put_choice(out_, Say::failed);
    put_error(out_, error);
  }

  // Those that nothing here holds any more; the host finds them at the end of every answer.
  void put_returned() {
    const std::vector<std::uint64_t> returned = loans_->take_returned();
    out_.array(std::span<const std::uint64_t>(returned));
  }

  void create(Reader& from) {
    const std::string library = from.text();
    const std::string type = from.text();
    host::InstanceSettings settings;
    settings.stage = from.text();
    settings.folder = from.text();
    settings.checking = from.choice(host::Checking::on);
    std::vector<host::ParamValue> params(from.count());
    for (host::ParamValue& param : params) param = get_param(from);
    const auto number = static_cast<std::uint32_t>(members_.size());
    Member& member = members_.emplace_back();
    const RemoteHooks::Line line{[this]() -> Writer& {
                                   out_.begin();
                                   return out_;
                                 },
                                 [this] { return ask(); }};
    member.hooks = std::make_unique<RemoteHooks>(line, number);
    auto& registry = registries_[library];
    if (!registry) registry = std::make_unique<plugin::Registry>(plugin::Registry::of(library));
    const plugin::Found found = registry->find(type);
    if (found.type == nullptr) base::fail(base::ErrorKind::plugin, library + ": there is no stage type '" + type + "'");
    member.instance =
        host::Instance::create(registry->load(*found.type), std::move(settings), params, options(*member.hooks));
    done();
    put_specs({});
  }

  void fill(Reader& from) {
    Member& owner = member(from);
    const std::string slot = from.text();
    owner.instance->fill(slot, *member(from).instance);
    put_specs({});
  }

  void negotiate(Reader& from) {
    Member& negotiated = member(from);
    std::vector<host::TensorSpec> inputs(from.count());
    for (host::TensorSpec& spec : inputs) spec = get_spec(from);
    std::vector<host::TensorSpec> outputs(from.count());
    for (host::TensorSpec& spec : outputs) spec = get_spec(from);
    negotiated.instance->negotiate(inputs, outputs, options(*negotiated.hooks));
    done();
    put_specs(outputs);
  }

  void put_specs(const std::vector<host::TensorSpec>& specs) {
    out_.put(std::uint64_t{specs.size()});
    for (const host::TensorSpec& spec : specs) put_spec(out_, spec);
  }

  void process(Reader& from) {
    take_files(from);
    const Member& stage = member(from);
    std::vector<value::Ref> inputs(from.count());
    for (value::Ref& input : inputs)
      input = get_value(from, [this](const TensorBytes& bytes, const auto& type) { return borrowed(bytes, type); });
    std::vector<const value::Value*> pointers;
    for (const value::Ref& input : inputs) pointers.push_back(input.get());
    std::vector<value::Ref> outputs(stage.instance->info().outputs.size());
    stage.instance->process(pointers, outputs, options());
    done();
    for (const value::Ref& output : outputs) put_output(inputs, output);
  }

  // Arenas of other isolated stages whose tensors come, and those of which none will come any more.
  void take_files(Reader& from) {
    for (std::size_t added = from.count(); added > 0; --added)
      files_.push_back(std::make_unique<View>(take_descriptor(kSocket), false));
    for (const auto gone : from.array<std::uint64_t>()) {
      if (gone == 0 || gone >= files_.size()) Reader::nonsense();
      files_[static_cast<std::size_t>(gone)].reset();
    }
  }

  // An input that the stage hands on needs no second description.
  void put_output(const std::vector<value::Ref>& inputs, const value::Ref& output) {
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      if (inputs[i].get() != output.get()) continue;
      return out_.put(static_cast<std::int32_t>(i));
    }
    out_.put(std::int32_t{-1});
    put_value(out_, output.get(), [this](const value::Value& tensor) { return given(tensor); });
  }

  value::Ref borrowed(const TensorBytes& bytes, const tensor::TensorType& type) {
    if (bytes.file >= files_.size() || !files_[static_cast<std::size_t>(bytes.file)]) Reader::nonsense();
    std::byte* data = files_[static_cast<std::size_t>(bytes.file)]->at(bytes.place);
    return value::make_tensor({type, data, std::make_shared<Loan>(loans_, bytes.lent)});
  }

  TensorBytes given(const value::Value& value) {
    const tensor::HostTensor& tensor = value.tensor();
    if (const auto* loan = dynamic_cast<const Loan*>(tensor.memory()))
      return {loan->number(), 0, {0, 0, 0, tensor.size_bytes()}};
    arena_->lend(tensor.data());  // every other tensor of this process lies there
    return {0, 0, arena_->place(tensor.data(), tensor.size_bytes())};
  }

  Member& member(Reader& from) {
    const auto number = from.get<std::uint32_t>();
    if (number >= members_.size() || !members_[number].instance) Reader::nonsense();
    return members_[number];
  }

  // A plugin's questions took the message's place.
  void done() {
    out_.begin();
    put_choice(out_, Say::done);
  }

  Reader ask() {
    channel_.pass(out_.place());
    Reader from = next();
    if (from.choice(Ask::quit) != Ask::hook_answer) Reader::nonsense();
    if (!from.flag()) throw_error(from, {}, {});
    return from;
  }

  host::CallOptions options() {
    host::CallOptions out;
    out.cancelled = &channel_.control().cancelled;
    out.progress = &progress_;
    out.allocator = arena_.get();
    return out;
  }
  host::CallOptions options(RemoteHooks& hooks) {
    host::CallOptions out = options();
    out.hooks = &hooks;
    return out;
  }

  Channel channel_;
  std::shared_ptr<Arena> arena_;
  std::vector<std::unique_ptr<View>> files_;  // the host's own arena, and those of other isolated stages
  std::shared_ptr<Loans> loans_ = std::make_shared<Loans>();
  Writer out_;
  SharedProgress progress_;
  std::map<std::string, std::unique_ptr<plugin::Registry>> registries_;  // by library
  std::vector<Member> members_;                                          // last: they use all of the above
};

// Ends the process once the host is gone, whatever the stage is doing. The signal that Linux has for that comes when
// the thread ends that started the process, which may be long before.
void end_with_host() {
  struct pollfd socket{kSocket, 0, 0};
  while (::poll(&socket, 1, -1) <= 0 || (socket.revents & (POLLHUP | POLLERR)) == 0) {
  }
  ::_exit(0);
}

}  // namespace

int serve() {
  for (int given = kSocket; given < kFirstUnused; ++given) ::fcntl(given, F_SETFD, FD_CLOEXEC);
  std::thread(end_with_host).detach();
  try {
    Worker worker;
    worker.serve();
    return 0;
  } catch (const std::exception& error) {
    base::log(base::LogLevel::error, std::string("an isolated stage's process cannot go on: ") + error.what());
    return 1;
  }
}

}  // namespace motet::isolation
