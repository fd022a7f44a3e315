// Which thread works on which items, and when.
//
// Items move in waves of fixed size through phases, which are in turn host phases (worker threads take a few items each
// and carry them through all stages of the phase) and device phases (the calling thread works on the whole wave at
// once). Several waves are on their way, so that the host prepares what comes next while the device computes. What
// forms a batch depends on the items' numbers only, never on time or on threads, so results do not either.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "runtime/saturation.hpp"

namespace motet::runtime {

// Lets the items through a serial stage one after the other, in their order.
class Turn {
 public:
  // Until all items before `begin` have passed. False: the run was stopped.
  bool take(std::size_t begin);
  void pass(std::size_t begin, std::size_t end);
  void stop();
  void reset() { next_.store(0, std::memory_order_relaxed); }  // [no run]

 private:
  static constexpr std::size_t kStopped = static_cast<std::size_t>(-1);
  std::atomic<std::size_t> next_{0};
};

class Flow {
 public:
  enum class Phase { host, device };

  // What is done with items [begin, end). A throw ends the run.
  class Work {
   public:
    virtual void host(std::size_t phase, std::size_t begin, std::size_t end) = 0;    // [any thread]
    virtual void device(std::size_t phase, std::size_t begin, std::size_t end) = 0;  // [calling thread]
    virtual void done(std::size_t begin, std::size_t end) = 0;                       // [calling thread] in order
    virtual void stop() = 0;                                                         // [any thread] let nobody wait

   protected:
    ~Work() = default;
  };

  // `workers` threads besides the calling one; they start with the first run of several items. Where they compute
  // rather than wait, no more than `processors` of them work at once.
  Flow(std::vector<Phase> phases, std::size_t wave, std::size_t workers, std::size_t processors);
  ~Flow();
  Flow(const Flow&) = delete;
  Flow& operator=(const Flow&) = delete;

  // Throws what the work threw first, once no thread is in it any more.
  void run(std::size_t items, Work& work);

 private:
  struct Wave {
    std::size_t begin, end;
    std::size_t phase = 0;
    std::size_t next;      // first item that no thread took in this phase
    std::size_t left = 0;  // items of this phase that are not done
  };
  struct Portion {
    Wave* wave = nullptr;
    std::size_t phase = 0, begin = 0, end = 0;
  };
  using Lock = std::unique_lock<std::mutex>;

  void start_workers();
  void serve();  // a worker's life
  void admit();
  bool on_host(const Wave& wave) const;
  Portion available(bool worker);     // for a worker, or for the thread of run(); without a wave where there is nothing
  Portion next_portion(bool worker);  // takes it
  void wake_worker();
  void work_on(const Portion& portion, Lock& lock);
  Wave* ready_for_device();
  void work_on_device(Wave& wave, Lock& lock);
  void enter(Wave& wave, std::size_t phase);
  void report_done(Lock& lock);
  void failed(const std::exception_ptr& thrown);

  const std::vector<Phase> phases_;
  const std::size_t wave_;
  const std::size_t worker_count_;
  const std::size_t processors_;
  std::vector<std::thread> workers_;
  std::mutex mutex_;
  std::condition_variable work_there_;  // for workers
  std::condition_variable changed_;     // for the thread of run()
  // Guarded by mutex_.
  Work* work_ = nullptr;    // of the run; null between runs
  std::deque<Wave> waves_;  // on their way, in order; addresses stay while they are
  std::size_t admitted_ = 0;
  std::size_t items_ = 0;
  std::size_t busy_ = 0;  // threads in the work
  std::exception_ptr error_;
  bool quit_ = false;
  bool caller_helps_ = true;  // the thread of run() takes portions too
  Saturation saturation_;
  std::vector<double> item_us_;  // by phase: what an item took lately, for the size of portions
};

}  // namespace motet::runtime
