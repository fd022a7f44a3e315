// The one worker pool: fork and join over numbered tasks.
//
// Workers spin briefly after a job and then sleep, because a step of a language model has hundreds of small jobs in a
// row. Each has a share of neighbouring tasks, the same share of each job, so that it finds in its own cache what it
// wrote in the job before; who has done his takes from the ends of the others'. How work is cut into tasks must never
// depend on the number of threads, so that results do not either.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <mutex>
#include <thread>
#include <type_traits>
#include <vector>

namespace motet::base {

class Pool {
 public:
  // `threads` counts the caller; 0 means as many as the process may run on.
  explicit Pool(int threads = 0);
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  int threads() const { return static_cast<int>(workers_.size()) + 1; }

  // Calls task(index, worker) once for each index in [0, tasks), worker in [0, threads()), and returns when all are
  // done. Where a task throws, its exception (the first, of several) is thrown here once no task runs any more; others
  // may not have run. One caller at a time; a call from within a task runs its tasks in place.
  template <class Task>
  void run(std::size_t tasks, Task&& task) {
    using Body = std::remove_reference_t<Task>;
    run_erased(
        tasks, [](void* body, std::size_t index, int worker) { (*static_cast<Body*>(body))(index, worker); },
        const_cast<void*>(static_cast<const void*>(&task)));
  }

 private:
  using Call = void (*)(void* body, std::size_t index, int worker);
  // A worker's tasks that nobody has taken yet: the job's number (upper half), the first and the end of a range of
  // units. The owner takes from its front, the others from its end, on a cache line of its own.
  struct alignas(64) Share {
    std::atomic<std::uint64_t> word{0};
  };
  void run_erased(std::size_t tasks, Call call, void* body);
  void begin_job(std::size_t tasks, Call call, void* body);
  void work(int worker);
  void take_tasks(int worker);
  std::size_t take_from(Share& share, bool own, int worker);
  void keep_exception();

  std::vector<std::thread> workers_;
  std::vector<Share> shares_;  // of the caller, then of each worker
  std::mutex mutex_;
  std::condition_variable wake_;
  // The job. Atomic because a worker that comes late may read them while the next job is written; what it read counts
  // only if it then takes a unit of the same job.
  std::atomic<Call> call_{nullptr};
  std::atomic<void*> body_{nullptr};
  std::atomic<std::size_t> tasks_{0};
  std::atomic<std::size_t> unit_{1};  // tasks in a unit, so that units fit a share's word
  alignas(64) std::atomic<std::uint32_t> job_{0};
  alignas(64) std::atomic<std::size_t> done_{0};
  std::atomic<int> sleeping_{0};
  std::exception_ptr thrown_;  // by a task of the job; guarded by mutex_ until the job is done
  std::atomic<bool> failed_{false};
  std::atomic<bool> stop_{false};
};

// Processors that this process may run on, at least 1.
int available_processors();

}  // namespace motet::base
