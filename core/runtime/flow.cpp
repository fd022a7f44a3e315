#include "runtime/flow.hpp"

#include <time.h>

#include <algorithm>
#include <chrono>
#include <system_error>
#include <utility>

namespace motet::runtime {
namespace {

constexpr std::size_t kMostWaves = 4;  // on their way at once: bounds the memory that values take
constexpr double kPortionUs = 100;     // a thread's portion should last so long that its hand-over does not count
constexpr std::size_t kMostPortion = 32;

// For how long a processor ran this thread.
double processor_us() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) * 1e-3;
}

}  // namespace

bool Turn::take(std::size_t begin) {
  while (true) {
    const std::size_t now = next_.load(std::memory_order_acquire);
    if (now == begin) return true;
    if (now == kStopped) return false;
    next_.wait(now, std::memory_order_acquire);
  }
}

void Turn::pass(std::size_t begin, std::size_t end) {
  next_.compare_exchange_strong(begin, end, std::memory_order_acq_rel);
  next_.notify_all();
}

void Turn::stop() {
  next_.store(kStopped, std::memory_order_release);
  next_.notify_all();
}

Flow::Flow(std::vector<Phase> phases, std::size_t wave, std::size_t workers, std::size_t processors)
    : phases_(std::move(phases)),
      wave_(std::max<std::size_t>(wave, 1)),
      worker_count_(workers),
      processors_(std::max<std::size_t>(processors, 1)),
      saturation_(processors_),
      item_us_(phases_.size(), kPortionUs) {}

Flow::~Flow() {
  {
    const Lock lock(mutex_);
    quit_ = true;
  }
  work_there_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

void Flow::start_workers() {
  try {
    while (workers_.size() < worker_count_) workers_.emplace_back([this] { serve(); });
  } catch (const std::system_error&) {
    // The system gives no more threads: fewer do the same work, none at all the calling one.
  }
}

void Flow::serve() {
  Lock lock(mutex_);
  while (!quit_) {
    const Portion portion = next_portion(true);
    if (portion.wave == nullptr) {
      work_there_.wait(lock);
    } else {
      work_on(portion, lock);
    }
  }
}

void Flow::admit() {
  while (waves_.size() < kMostWaves && admitted_ < items_) {
    Wave wave{admitted_, std::min(items_, admitted_ + wave_), 0, 0, 0};
    admitted_ = wave.end;
    waves_.push_back(wave);
    enter(waves_.back(), 0);
  }
}

void Flow::enter(Wave& wave, std::size_t phase) {
  wave.phase = phase;
  wave.next = wave.begin;
  wave.left = wave.end - wave.begin;
}

bool Flow::on_host(const Wave& wave) const { return wave.phase < phases_.size() && phases_[wave.phase] == Phase::host; }

// What a thread may take, and how much of it. The oldest wave first: in each phase items are taken in their order, so
// whoever waits for its turn waits for items that another thread has already.
Flow::Portion Flow::available(bool worker) {
  if (work_ == nullptr || error_ || (saturation_.full() && busy_ >= processors_)) return {};
  for (Wave& wave : waves_) {
    if (!on_host(wave) || wave.next == wave.end) continue;
    const double item_us = std::max(item_us_[wave.phase], 1e-3);
    // A wave of less than two portions goes faster through one processor's cache than through two.
    if (worker && caller_helps_ && item_us * static_cast<double>(wave.end - wave.begin) < 2 * kPortionUs) continue;
    const auto wanted = static_cast<std::size_t>(kPortionUs / item_us);
    const std::size_t size = std::min(std::clamp<std::size_t>(wanted, 1, kMostPortion), wave.end - wave.next);
    return {&wave, wave.phase, wave.next, wave.next + size};
  }
  return {};
}

Flow::Portion Flow::next_portion(bool worker) {
  const Portion portion = available(worker);
  if (portion.wave == nullptr) return portion;
  portion.wave->next = portion.end;
  wake_worker();
  return portion;
}

// One for what there is now; it wakes the next one, should there be more. All at once would each take a processor to
// find nothing.
void Flow::wake_worker() {
  if (available(true).wave != nullptr) work_there_.notify_one();
}

void Flow::work_on(const Portion& portion, Lock& lock) {
  using Clock = std::chrono::steady_clock;
  ++busy_;
  const std::size_t threads = workers_.size() + (caller_helps_ ? 1 : 0);
  const bool crowd = threads > processors_;
  lock.unlock();
  const Clock::time_point begin = Clock::now();
  const double computed = crowd ? processor_us() : 0;
  std::exception_ptr thrown;
  try {
    work_->host(portion.phase, portion.begin, portion.end);
  } catch (...) {
    thrown = std::current_exception();
  }
  const double us = std::chrono::duration<double, std::micro>(Clock::now() - begin).count();
  const double computing_us = crowd ? processor_us() - computed : 0;
  lock.lock();
  --busy_;
  if (thrown) failed(thrown);
  const std::size_t size = portion.end - portion.begin;
  double& item_us = item_us_[portion.phase];
  // A thread that lost its processor for a while says little of what an item takes.
  item_us += (std::min(us / static_cast<double>(size), 4 * std::max(item_us, 0.1)) - item_us) / 4;
  const bool was_full = saturation_.full();
  if (crowd) saturation_.observe(us, computing_us, threads);
  Wave& wave = *portion.wave;
  wave.left -= size;
  const bool over = wave.left == 0;
  if (over && !error_) enter(wave, portion.phase + 1);
  if (over || (was_full && !saturation_.full())) wake_worker();
  if (over || error_ || was_full) changed_.notify_one();  // where all processors were taken, one is free now
}

// Device phases take the waves in their order.
Flow::Wave* Flow::ready_for_device() {
  for (std::size_t i = 0; i < waves_.size(); ++i) {
    Wave& wave = waves_[i];
    if (wave.phase >= phases_.size() || phases_[wave.phase] != Phase::device) continue;
    if (i == 0 || waves_[i - 1].phase > wave.phase) return &wave;
  }
  return nullptr;
}

void Flow::work_on_device(Wave& wave, Lock& lock) {
  lock.unlock();
  try {
    work_->device(wave.phase, wave.begin, wave.end);
  } catch (...) {
    lock.lock();
    return failed(std::current_exception());
  }
  lock.lock();
  enter(wave, wave.phase + 1);
  wake_worker();
}

void Flow::failed(const std::exception_ptr& thrown) {
  if (error_) return;
  error_ = thrown;
  work_->stop();
  changed_.notify_one();
}

void Flow::report_done(Lock& lock) {
  while (!waves_.empty() && waves_.front().phase == phases_.size() && !error_) {
    const Wave wave = waves_.front();
    if (saturation_.full()) wake_worker();  // whoever was one too many takes the place of this thread
    lock.unlock();
    try {
      work_->done(wave.begin, wave.end);
    } catch (...) {
      lock.lock();
      return failed(std::current_exception());
    }
    lock.lock();
    waves_.pop_front();
    admit();
    wake_worker();
  }
}

void Flow::run(std::size_t items, Work& work) {
  if (items > 1) start_workers();
  const bool device = std::find(phases_.begin(), phases_.end(), Phase::device) != phases_.end();
  // A thread that the device waits for takes no items of host stages, unless nobody else would.
  Lock lock(mutex_);
  caller_helps_ = workers_.empty() || !device;
  work_ = &work;
  items_ = items;
  admitted_ = 0;
  error_ = nullptr;
  try {
    admit();
    wake_worker();
    while (!error_) {
      report_done(lock);
      if (error_ || waves_.empty()) break;
      if (Wave* wave = ready_for_device()) {
        work_on_device(*wave, lock);
        continue;
      }
      const Portion portion = caller_helps_ ? next_portion(false) : Portion{};
      if (portion.wave != nullptr) {
        work_on(portion, lock);
      } else {
        changed_.wait(lock);
      }
    }
  } catch (...) {  // no memory for a wave, while other threads work on those before
    failed(std::current_exception());
  }
  while (busy_ > 0) changed_.wait(lock);
  work_ = nullptr;
  waves_.clear();
  if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
}

}  // namespace motet::runtime
