#include "base/parallel.hpp"

#include <sched.h>

#include <chrono>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace motet::base {
namespace {

void pause_briefly() {
#if defined(__x86_64__)
  _mm_pause();
#endif
}

// Long enough to bridge the gap between two kernels of a step, short enough not to burn a core while a user thinks.
constexpr auto kSpin = std::chrono::microseconds(200);

// While the caller waits for the last tasks: a worker that the system has put aside gets its processor only if asked
// for.
constexpr int kSpinsBeforeYield = 4096;

thread_local bool inside_task = false;
thread_local int current_worker = 0;

}  // namespace

int available_processors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set) > 0 ? CPU_COUNT(&set) : 1;
  const unsigned count = std::thread::hardware_concurrency();
  return count > 0 ? static_cast<int>(count) : 1;
}

Pool::Pool(int threads) {
  const int wanted = threads > 0 ? threads : available_processors();
  for (int worker = 1; worker < wanted; ++worker) workers_.emplace_back([this, worker] { work(worker); });
}

Pool::~Pool() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

void Pool::run_erased(std::size_t tasks, Call call, void* body) {
  if (tasks == 0) return;
  if (inside_task || workers_.empty() || tasks == 1) {
    // A task's own run keeps its worker's number, since scratch memory is kept by it.
    const int worker = inside_task ? current_worker : 0;
    for (std::size_t i = 0; i < tasks; ++i) call(body, i, worker);
    return;
  }
  call_ = call;
  body_ = body;
  tasks_ = tasks;
  next_.store(0, std::memory_order_relaxed);
  busy_.store(static_cast<int>(workers_.size()), std::memory_order_relaxed);
  generation_.fetch_add(1, std::memory_order_seq_cst);
  // Pairs with the sleeper that announces itself before it looks at generation_ a last time: one of the two sees the
  // other, so no wake-up is lost and the common, spinning case takes no lock.
  if (sleeping_.load(std::memory_order_seq_cst) > 0) {
    const std::lock_guard lock(mutex_);
    wake_.notify_all();
  }
  take_tasks(0);
  for (int spins = 0; busy_.load(std::memory_order_acquire) != 0; ++spins) {
    if (spins < kSpinsBeforeYield) {
      pause_briefly();
    } else {
      std::this_thread::yield();
    }
  }
}

void Pool::take_tasks(int worker) {
  inside_task = true;
  current_worker = worker;
  for (;;) {
    const std::size_t index = next_.fetch_add(1, std::memory_order_relaxed);
    if (index >= tasks_) break;
    call_(body_, index, worker);
  }
  inside_task = false;
}

void Pool::work(int worker) {
  unsigned seen = 0;
  for (;;) {
    auto limit = std::chrono::steady_clock::now() + kSpin;
    int spins = 0;
    while (generation_.load(std::memory_order_acquire) == seen) {
      if (stop_.load(std::memory_order_relaxed)) return;
      pause_briefly();
      if (++spins % 64 == 0 && std::chrono::steady_clock::now() > limit) {
        std::unique_lock lock(mutex_);
        sleeping_.fetch_add(1, std::memory_order_seq_cst);
        wake_.wait(lock, [&] { return stop_.load() || generation_.load(std::memory_order_seq_cst) != seen; });
        sleeping_.fetch_sub(1, std::memory_order_seq_cst);
        limit = std::chrono::steady_clock::now() + kSpin;
      }
    }
    seen = generation_.load(std::memory_order_acquire);
    take_tasks(worker);
    busy_.fetch_sub(1, std::memory_order_acq_rel);
  }
}

}  // namespace motet::base
