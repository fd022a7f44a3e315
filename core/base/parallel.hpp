// The one worker pool: fork and join over numbered tasks.
//
// Workers spin briefly after a job and then sleep, because a step of a language model has hundreds of small jobs in a
// row. How work is cut into tasks must never depend on the number of threads, so that results do not either.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
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
  // done. Tasks must not throw. One caller at a time; a call from within a task runs its tasks in place.
  template <class Task>
  void run(std::size_t tasks, Task&& task) {
    using Body = std::remove_reference_t<Task>;
    run_erased(
        tasks, [](void* body, std::size_t index, int worker) { (*static_cast<Body*>(body))(index, worker); },
        const_cast<void*>(static_cast<const void*>(&task)));
  }

 private:
  using Call = void (*)(void* body, std::size_t index, int worker);
  void run_erased(std::size_t tasks, Call call, void* body);
  void work(int worker);
  void take_tasks(int worker);

  std::vector<std::thread> workers_;
  std::mutex mutex_;
  std::condition_variable wake_;
  Call call_ = nullptr;
  void* body_ = nullptr;
  std::size_t tasks_ = 0;
  alignas(64) std::atomic<unsigned> generation_{0};
  alignas(64) std::atomic<std::size_t> next_{0};
  alignas(64) std::atomic<int> busy_{0};
  std::atomic<int> sleeping_{0};
  std::atomic<bool> stop_{false};
};

// Processors that this process may run on, at least 1.
int available_processors();

}  // namespace motet::base
