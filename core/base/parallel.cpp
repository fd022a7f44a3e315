#include "base/parallel.hpp"

#include <sched.h>

#include <cassert>
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

// Long enough to bridge the gap between two kernels of a step, and the time for which the last tile of a large product
// keeps one thread busy alone; short enough not to burn a core while a user thinks. A sleeper costs the next kernel
// more than most kernels last, since waking a halted processor takes some 100 us.
constexpr auto kSpin = std::chrono::milliseconds(2);
constexpr auto kSpinAlone = std::chrono::microseconds(100);  // after that others may have the processor

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

// The caller waits for tasks, not for workers: one that the system keeps from running holds nobody up unless it has
// taken a task already. So a job is a number, and taking a task is taking a ticket of that number.
void Pool::run_erased(std::size_t tasks, Call call, void* body) {
  if (tasks == 0) return;
  assert(tasks < kClosed);
  if (inside_task || workers_.empty() || tasks == 1) {
    // A task's own run keeps its worker's number, since scratch memory is kept by it.
    const int worker = inside_task ? current_worker : 0;
    for (std::size_t i = 0; i < tasks; ++i) call(body, i, worker);
    return;
  }
  // The ticket is closed here: nobody can take a task of a job that is half written.
  call_.store(call, std::memory_order_relaxed);
  body_.store(body, std::memory_order_relaxed);
  tasks_.store(static_cast<std::uint32_t>(tasks), std::memory_order_relaxed);
  done_.store(0, std::memory_order_relaxed);
  const std::uint64_t job = (ticket_.load(std::memory_order_relaxed) >> 32) + 1;
  ticket_.store(job << 32, std::memory_order_seq_cst);
  // Pairs with the sleeper that announces itself before it looks at the ticket a last time: one of the two sees the
  // other, so no wake-up is lost and the common, spinning case takes no lock.
  if (sleeping_.load(std::memory_order_seq_cst) > 0) {
    const std::lock_guard lock(mutex_);
    wake_.notify_all();
  }
  take_tasks(0);
  for (int spins = 0; done_.load(std::memory_order_acquire) != tasks; ++spins) {
    if (spins < kSpinsBeforeYield) {
      pause_briefly();
    } else {
      std::this_thread::yield();
    }
  }
  ticket_.store((job << 32) | kClosed, std::memory_order_release);
}

void Pool::take_tasks(int worker) {
  inside_task = true;
  current_worker = worker;
  std::uint64_t ticket = ticket_.load(std::memory_order_acquire);
  for (;;) {
    const auto index = static_cast<std::uint32_t>(ticket);
    if (index >= tasks_.load(std::memory_order_relaxed)) break;
    const Call call = call_.load(std::memory_order_relaxed);
    void* body = body_.load(std::memory_order_relaxed);
    if (!ticket_.compare_exchange_weak(ticket, ticket + 1, std::memory_order_acq_rel, std::memory_order_acquire))
      continue;
    call(body, index, worker);
    done_.fetch_add(1, std::memory_order_acq_rel);
    ticket = ticket_.load(std::memory_order_acquire);
  }
  inside_task = false;
}

void Pool::work(int worker) {
  std::uint64_t seen = 0;
  const auto job = [&](std::memory_order order) { return ticket_.load(order) >> 32; };
  for (;;) {
    auto begin = std::chrono::steady_clock::now();
    int spins = 0;
    while (job(std::memory_order_acquire) == seen) {
      if (stop_.load(std::memory_order_relaxed)) return;
      pause_briefly();
      if (++spins % 64 != 0) continue;
      const auto idle = std::chrono::steady_clock::now() - begin;
      if (idle > kSpinAlone) std::this_thread::yield();
      if (idle > kSpin) {
        std::unique_lock lock(mutex_);
        sleeping_.fetch_add(1, std::memory_order_seq_cst);
        wake_.wait(lock, [&] { return stop_.load() || job(std::memory_order_seq_cst) != seen; });
        sleeping_.fetch_sub(1, std::memory_order_seq_cst);
        begin = std::chrono::steady_clock::now();
      }
    }
    seen = job(std::memory_order_acquire);
    take_tasks(worker);
  }
}

}  // namespace motet::base
