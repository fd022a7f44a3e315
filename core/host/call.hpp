// One call into a plugin (`motet_call` of the contract): its error, scratch memory, progress and cancellation.
//
// Made for each call by Instance; a thread of its own may use it while the call runs. Making one allocates nothing.
#pragma once

#include <motet/abi.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "host/failure.hpp"
#include "host/hooks.hpp"
#include "tensor/memory.hpp"

// The contract's name for a call; its header only declares it.
struct motet_call {};

namespace motet::host {

class Instance;

class ProgressSink {
 public:
  virtual void progress(std::string_view stage, std::uint64_t done, std::uint64_t total) = 0;  // any thread

 protected:
  ~ProgressSink() = default;
};

// What the caller lends a call. All may be null.
struct CallOptions {
  const std::atomic<bool>* cancelled = nullptr;
  const std::atomic<bool>* item_cancelled = nullptr;  // the item that the call is for, alone
  ProgressSink* progress = nullptr;
  NegotiationHooks* hooks = nullptr;       // in create and negotiate
  tensor::Allocator* allocator = nullptr;  // where the tensors that the call makes must lie; null: in the heap
};

class Call final : public ::motet_call {
 public:
  Call(const Instance& instance, Phase phase, const CallOptions& options);
  ~Call();
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  const Instance& instance() const { return instance_; }
  Phase phase() const { return phase_; }
  NegotiationHooks* hooks() const { return options_.hooks; }
  bool cancelled() const {
    const auto set = [](const std::atomic<bool>* flag) {
      return flag != nullptr && flag->load(std::memory_order_relaxed);
    };
    return set(options_.cancelled) || set(options_.item_cancelled);
  }
  ProgressSink* progress() const { return options_.progress; }
  tensor::Allocator* allocator() const { return options_.allocator; }

  // The first failure counts.
  void fail(motet_status status, const char* path, const char* message);
  // A function of the host found no memory for an answer and had no way to say so: whatever the plugin made of it, the
  // call has failed.
  void lack_memory() { lacks_memory_.store(true, std::memory_order_relaxed); }
  bool lacks_memory() const { return lacks_memory_.load(std::memory_order_relaxed); }
  bool failed() const { return failed_; }
  const Failure& failure() const { return failure_; }

  void set_last_error(std::string message) { last_error_ = std::move(message); }
  const char* last_error() const { return last_error_.c_str(); }

  // 64-byte aligned, until the call returns; nullptr where there is none left.
  void* scratch(std::size_t size_bytes);

  // A plugin must not use a call once it has returned; in checked mode the call is kept a while to notice.
  bool finished() const { return finished_.load(std::memory_order_relaxed); }
  void finish() { finished_.store(true, std::memory_order_relaxed); }

 private:
  const Instance& instance_;
  Phase phase_;
  CallOptions options_;
  std::mutex mutex_;  // threads of the plugin's own may fail, or want memory, at the same time
  bool failed_ = false;
  Failure failure_;
  std::string last_error_;
  std::vector<void*> scratch_;
  std::atomic<bool> finished_{false};
  std::atomic<bool> lacks_memory_{false};
};

// The call that runs on this thread; nullptr where none does.
Call* current_call();

// The stage whose plugin runs on this thread, "" and nullptr where none does. For a crash handler, so they only read
// pointers. Valid while the call runs.
const char* current_stage();
const Instance* current_instance();

// Told of each call into a plugin, in the thread that makes it: the conformance kit looks there at what the call did to
// the process, and notes what ran last. Must not throw.
class CallObserver {
 public:
  virtual void entering(const Instance& instance, const char* function) = 0;  // "process"
  virtual void left(const Instance& instance, const char* function) = 0;

 protected:
  ~CallObserver() = default;
};

// While it lives, this thread is in a plugin's code for the instance, in `function` of the contract.
class InPlugin {
 public:
  // `call`: nullptr where the function has none.
  InPlugin(const Instance& instance, const char* function, Call* call);
  ~InPlugin();
  InPlugin(const InPlugin&) = delete;
  InPlugin& operator=(const InPlugin&) = delete;

 private:
  const Instance& instance_;
  const char* function_;
  const Instance* before_;
  Call* call_before_;
};

// The same for an operation of a plugin, "operation 'wave.fold/1' of the plugin wave"; nullptr where none runs.
const char* current_operation();

class InOperation {
 public:
  explicit InOperation(const char* name);  // outlives this
  ~InOperation();
  InOperation(const InOperation&) = delete;
  InOperation& operator=(const InOperation&) = delete;

 private:
  const char* before_;
};

// The table that plugins get.
const motet_host& host_table();

}  // namespace motet::host
