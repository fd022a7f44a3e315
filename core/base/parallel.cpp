#include "base/parallel.hpp"

#include <sched.h>

#include <algorithm>
#include <chrono>
#include <utility>

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

// A share's word.
constexpr std::size_t kMostUnits = 0xFFFF;
constexpr std::uint64_t word_of(std::uint32_t job, std::size_t first, std::size_t end) {
  return std::uint64_t{job} << 32 | first << 16 | end;
}
constexpr std::size_t first_of(std::uint64_t word) { return word >> 16 & kMostUnits; }
constexpr std::size_t end_of(std::uint64_t word) { return word & kMostUnits; }

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
  shares_ = std::vector<Share>(static_cast<std::size_t>(wanted));
  workers_.reserve(static_cast<std::size_t>(wanted) - 1);
  try {
    for (int worker = 1; worker < wanted; ++worker) workers_.emplace_back([this, worker] { work(worker); });
  } catch (const std::exception&) {
    // The system gives no more threads, or no memory for one: fewer do the same work.
  }
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
// taken a task already, since the others take its share.
void Pool::run_erased(std::size_t tasks, Call call, void* body) {
  if (tasks == 0) return;
  if (inside_task || workers_.empty() || tasks == 1) {
    // A task's own run keeps its worker's number, since scratch memory is kept by it.
    const int worker = inside_task ? current_worker : 0;
    for (std::size_t i = 0; i < tasks; ++i) call(body, i, worker);
    return;
  }
  begin_job(tasks, call, body);
  take_tasks(0);
  for (int spins = 0; done_.load(std::memory_order_acquire) != tasks; ++spins) {
    if (spins < kSpinsBeforeYield) {
      pause_briefly();
    } else {
      std::this_thread::yield();
    }
  }
  if (failed_.load(std::memory_order_relaxed)) {
    failed_.store(false, std::memory_order_relaxed);
    std::rethrow_exception(std::exchange(thrown_, nullptr));
  }
}

void Pool::keep_exception() {
  const std::lock_guard lock(mutex_);
  if (!thrown_) thrown_ = std::current_exception();
  failed_.store(true, std::memory_order_relaxed);
}

// All shares are empty here, so nobody can take a task of a job that is half written; a share's store publishes what
// stands before it.
void Pool::begin_job(std::size_t tasks, Call call, void* body) {
  const std::size_t unit = (tasks + kMostUnits - 1) / kMostUnits;
  const std::size_t units = (tasks + unit - 1) / unit;
  const std::uint32_t job = job_.load(std::memory_order_relaxed) + 1;
  call_.store(call, std::memory_order_relaxed);
  body_.store(body, std::memory_order_relaxed);
  tasks_.store(tasks, std::memory_order_relaxed);
  unit_.store(unit, std::memory_order_relaxed);
  done_.store(0, std::memory_order_relaxed);
  for (std::size_t i = 0; i < shares_.size(); ++i) {
    const std::uint64_t word = word_of(job, units * i / shares_.size(), units * (i + 1) / shares_.size());
    shares_[i].word.store(word, std::memory_order_release);
  }
  job_.store(job, std::memory_order_seq_cst);
  // Pairs with the sleeper that announces itself before it looks at the job a last time: one of the two sees the
  // other, so no wake-up is lost and the common, spinning case takes no lock.
  if (sleeping_.load(std::memory_order_seq_cst) > 0) {
    const std::lock_guard lock(mutex_);
    wake_.notify_all();
  }
}

// Takes units of a share until it is empty; returns how many tasks it ran. The word holds the job's number, so taking a
// unit fails where the job that the call and body were read of is over.
std::size_t Pool::take_from(Share& share, bool own, int worker) {
  std::size_t ran = 0;
  std::uint64_t word = share.word.load(std::memory_order_acquire);
  while (first_of(word) < end_of(word)) {
    const Call call = call_.load(std::memory_order_relaxed);
    void* body = body_.load(std::memory_order_relaxed);
    const std::size_t unit = unit_.load(std::memory_order_relaxed);
    const std::size_t tasks = tasks_.load(std::memory_order_relaxed);
    const std::size_t taken = own ? first_of(word) : end_of(word) - 1;
    const std::uint64_t rest = own ? word + word_of(0, 1, 0) : word - word_of(0, 0, 1);
    if (!share.word.compare_exchange_weak(word, rest, std::memory_order_acq_rel, std::memory_order_acquire)) continue;
    const std::size_t end = std::min((taken + 1) * unit, tasks);
    for (std::size_t task = taken * unit; task < end; ++task) {
      try {
        call(body, task, worker);
      } catch (...) {
        keep_exception();
      }
    }
    ran += end - taken * unit;
    word = share.word.load(std::memory_order_acquire);
  }
  return ran;
}

// What was run is told at the end, once: until then the job is not over, so it is all of one job.
void Pool::take_tasks(int worker) {
  inside_task = true;
  current_worker = worker;
  const auto self = static_cast<std::size_t>(worker);
  std::size_t ran = take_from(shares_[self], true, worker);
  for (std::size_t i = 1; i < shares_.size(); ++i) {
    ran += take_from(shares_[(self + i) % shares_.size()], false, worker);
  }
  if (ran > 0) done_.fetch_add(ran, std::memory_order_acq_rel);
  inside_task = false;
}

void Pool::work(int worker) {
  std::uint32_t seen = 0;
  const auto job = [&](std::memory_order order) { return job_.load(order); };
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
