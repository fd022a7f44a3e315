// A host stage, with what fills its slots, in processes of its own: the calls of host::Instance, served elsewhere.
//
// A process works on one item at a time. Where several threads call process() (the type says `parallel`) there are as
// many processes: with several items in one, the crash of one would take the others along. A process that ends is
// replaced when the next item comes, and what was said to the first one in create, fill and negotiate is said again,
// with the same answers of the graph's.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "isolation/worker_process.hpp"

namespace motet::isolation {

class IsolatedStage {
 public:
  // `lent`: of the whole graph, so that stages can hand tensors to each other.
  IsolatedStage(ProcessSettings settings, std::shared_ptr<Arena> lent);
  ~IsolatedStage();
  IsolatedStage(const IsolatedStage&) = delete;
  IsolatedStage& operator=(const IsolatedStage&) = delete;

  // As host::Instance; a member's number comes back. The stage itself is made last, after what fills its slots. A
  // process that ends in one of these throws ProcessEnded, and there is no other for them: failed() says so.
  // `options.hooks` must be there.
  std::uint32_t create(const plugin::StageTypeInfo& type, const std::filesystem::path& library,
                       const host::InstanceSettings& settings, std::span<const host::ParamValue> params,
                       const host::CallOptions& options);
  void fill(std::uint32_t owner, std::string_view slot, std::uint32_t filler);
  void negotiate(std::uint32_t member, std::span<const host::TensorSpec> inputs, std::span<host::TensorSpec> outputs,
                 const host::CallOptions& options);
  bool failed() const { return failed_; }

  // One item of the stage itself; as host::Instance. Whatever ends the process is an Error(item). [any thread, as the
  // type declares]
  void process(std::span<const value::Value* const> inputs, std::span<value::Ref> outputs,
               const host::CallOptions& options) const;

 private:
  using Bytes = std::vector<std::byte>;
  struct Exchange {
    Bytes question, answer;
  };
  struct Step {  // of bringing a process up
    std::uint32_t member;
    const char* function;
    Bytes request;
    std::vector<Exchange> asked;
  };

  std::vector<host::TensorSpec> step(Step step, const host::CallOptions& options);
  std::unique_ptr<WorkerProcess> idle() const;
  void put_back(std::unique_ptr<WorkerProcess> process) const;
  std::unique_ptr<WorkerProcess> take(const host::CallOptions& options) const;
  std::unique_ptr<WorkerProcess> start(const host::CallOptions& options) const;
  void replay(WorkerProcess& process, const Step& step, const host::CallOptions& options) const;
  [[noreturn]] void fail(base::ErrorKind kind, const std::string& what) const;

  ProcessSettings settings_;
  std::shared_ptr<Arena> lent_;
  std::vector<WorkerProcess::Member> members_;
  std::string plugin_;  // the stage's
  std::vector<Step> steps_;
  bool failed_ = false;

  mutable std::mutex mutex_;
  mutable std::vector<std::unique_ptr<WorkerProcess>> idle_;
  mutable int failed_starts_ = 0;  // one after the other
  mutable std::string why_;        // the last one failed
};

}  // namespace motet::isolation
