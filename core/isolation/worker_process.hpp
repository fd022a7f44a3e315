// One process of an isolated stage, as the host sees it.
//
// One call at a time. It is of no more use once a call threw ProcessEnded, or was cancelled and did not give up:
// usable() says so.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "isolation/channel.hpp"
#include "isolation/child_process.hpp"
#include "isolation/messages.hpp"

namespace motet::isolation {

// The process crashed, ended itself, hung, or said what makes no sense. what(): "crashed (SIGSEGV, ...) in process".
class ProcessEnded : public base::Error {
 public:
  explicit ProcessEnded(const std::string& what) : Error(base::ErrorKind::plugin, what) {}
};

struct ProcessSettings {
  std::filesystem::path program;              // that serves (layout.hpp), such as `motet`
  std::string stage;                          // its name in the pipeline
  std::chrono::milliseconds timeout{60'000};  // of a call
  std::uint64_t most_memory_bytes = 0;        // 0: as much as there is
};

class WorkerProcess {
 public:
  // A stage or a filler in the process; the names are for what it throws.
  struct Member {
    std::uint32_t number;
    std::string stage, type;
  };
  // Writes the answer to what a stage asks back.
  using Answer = std::function<void(Reader& question, Writer& answer)>;

  // Starts it. `lent` is where what it is given lies. Throws base::Error(environment).
  WorkerProcess(ProcessSettings settings, std::shared_ptr<Arena> lent);
  ~WorkerProcess();
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  bool usable() const { return usable_; }
  bool alive() { return usable_ && !child_->ended(); }  // it may end between calls too
  // Lets it end by itself; the destructor waits for that.
  void quit();

  // create, fill or negotiate, as bytes; gives the specs that the last one answers. `function` names the call where the
  // process ends in it. Throws what the stage threw.
  std::vector<host::TensorSpec> call(const Member& member, const char* function, std::span<const std::byte> request,
                                     const host::CallOptions& options, const Answer& answer);
  // One item. Throws what the stage threw.
  void process(const Member& member, std::span<const value::Value* const> inputs, std::span<value::Ref> outputs,
               const host::CallOptions& options);

 private:
  // Passes the message that out_ holds; `read` gets the answer once it is the one proper.
  void exchange(const Member& member, const char* function, const host::CallOptions& options, const Answer& answer,
                const std::function<void(Reader&)>& read);
  Reader wait(const Member& member, const char* function, const host::CallOptions& options);
  void tell_progress(const Member& member, const host::CallOptions& options);
  void end();
  [[noreturn]] void give_up(const std::string& how, const char* function);

  TensorBytes lend(const value::Value& tensor);
  void meet(const value::Value* value);
  std::uint64_t file_of(const std::shared_ptr<const View>& view);
  void put_files();
  void put_inputs(std::span<const value::Value* const> inputs);
  void send_files();
  value::Ref output(Reader& from, std::span<const value::Value* const> inputs);
  value::Ref made(const TensorBytes& bytes, const tensor::TensorType& type);
  void take_back(Reader& from);

  ProcessSettings settings_;
  std::shared_ptr<Arena> lent_;
  std::shared_ptr<View> own_;  // what the process makes; outlives it with the values that lie there
  Channel channel_;
  Descriptor socket_;
  Writer out_;
  std::unique_ptr<ChildProcess> child_;
  bool usable_ = true;
  std::uint32_t progressed_ = 0;

  std::unordered_map<std::uint64_t, value::Ref> loans_;  // tensors that it holds, by the number they were lent under
  std::uint64_t next_loan_ = 1;
  // Arenas of other stages' processes, by the number that the process knows them under, which is one more. Weak: their
  // memory goes with the last tensor.
  std::vector<std::weak_ptr<const View>> files_;
  std::vector<bool> dropped_;                           // by file: the process was told that no more of it will come
  std::vector<std::shared_ptr<const View>> new_files_;  // that the process does not have yet
};

}  // namespace motet::isolation
