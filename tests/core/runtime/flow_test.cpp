#include "runtime/flow.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/catch.hpp"

using namespace motet::runtime;

namespace {

using Place = Flow::Phase;

// Notes which phase saw which items, and checks that each item comes through all phases in their order.
class Watched final : public Flow::Work {
 public:
  Watched(std::size_t items, std::size_t phases) : at_(items, 0), turns_(phases) {}

  void host(std::size_t phase, std::size_t begin, std::size_t end) override {
    if (!turns_[phase].take(begin)) return;
    enter(phase, begin, end);
    if (fails_at >= begin && fails_at < end && phase == fails_in) throw std::runtime_error("item 40 is not for us");
    turns_[phase].pass(begin, end);
  }
  void device(std::size_t phase, std::size_t begin, std::size_t end) override {
    CHECK(std::this_thread::get_id() == caller_);
    enter(phase, begin, end);
    const std::lock_guard lock(mutex_);
    batches[phase].push_back({begin, end});
  }
  void done(std::size_t begin, std::size_t end) override {
    CHECK(std::this_thread::get_id() == caller_);
    CHECK(begin == finished);
    finished = end;
  }
  void stop() override {
    for (Turn& turn : turns_) turn.stop();
  }

  std::map<std::size_t, std::vector<std::pair<std::size_t, std::size_t>>> batches;  // by device phase
  std::vector<std::size_t> order;                                                   // of items in phase 0
  std::size_t finished = 0;
  std::size_t fails_at = static_cast<std::size_t>(-1);
  std::size_t fails_in = 0;
  bool well = true;

 private:
  void enter(std::size_t phase, std::size_t begin, std::size_t end) {
    const std::lock_guard lock(mutex_);
    for (std::size_t i = begin; i < end; ++i) {
      well = well && at_[i] == phase;
      at_[i] = phase + 1;
      if (phase == 0) order.push_back(i);
    }
  }

  std::mutex mutex_;
  std::vector<std::size_t> at_;  // by item: the phase that comes next
  std::deque<Turn> turns_;
  std::thread::id caller_ = std::this_thread::get_id();
};

}  // namespace

TEST_CASE("items pass all phases, device phases get whole waves, whatever the number of threads") {
  for (std::size_t workers : {0, 1, 3}) {
    Flow flow({Place::host, Place::device, Place::host, Place::device, Place::host}, 8, workers, 2);
    for (std::size_t items : {0, 1, 7, 8, 9, 100}) {  // one flow runs again and again
      Watched work(items, 5);
      flow.run(items, work);
      CHECK(work.well);
      CHECK(work.finished == items);
      for (std::size_t i = 0; i < work.order.size(); ++i) CHECK(work.order[i] == i);
      for (std::size_t phase : {1, 3}) {
        const auto& batches = work.batches[phase];
        CHECK(batches.size() == (items + 7) / 8);
        for (std::size_t b = 0; b < batches.size(); ++b)
          CHECK(batches[b] == std::pair(b * 8, std::min(items, b * 8 + 8)));
      }
    }
  }
}

TEST_CASE("a flow without phases hands its items on") {
  Flow flow({}, 8, 2, 2);
  Watched work(20, 0);
  flow.run(20, work);
  CHECK(work.finished == 20);
}

TEST_CASE("what the work throws ends the run, and the next run is as the first") {
  for (std::size_t workers : {0, 2}) {
    for (std::size_t phase : {0, 2}) {
      Flow flow({Place::host, Place::device, Place::host}, 16, workers, 2);
      Watched bad(100, 3);
      bad.fails_at = 40;
      bad.fails_in = phase;
      CHECK_THROWS_WITH(flow.run(100, bad), "item 40 is not for us");
      CHECK(bad.finished <= 48);
      Watched good(100, 3);
      flow.run(100, good);
      CHECK(good.finished == 100);
    }
  }
}

TEST_CASE("a device phase works while host stages prepare what comes next") {
  // The device waits in the first wave until the host is in the second: without both at once this never ends, so it
  // gives up after a while.
  class Both final : public Flow::Work {
   public:
    void host(std::size_t, std::size_t begin, std::size_t) override {
      if (begin >= 4) ahead_ = true;
    }
    void device(std::size_t, std::size_t begin, std::size_t) override {
      if (begin > 0) return;
      for (int ms = 0; ms < 20000 && !ahead_; ++ms) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      overlapped = ahead_;
    }
    void done(std::size_t, std::size_t) override {}
    void stop() override {}
    bool overlapped = false;

   private:
    std::atomic<bool> ahead_{false};
  };
  Flow flow({Place::host, Place::device}, 4, 1, 2);
  Both work;
  flow.run(16, work);
  CHECK(work.overlapped);
}

TEST_CASE("serial stages work on different items at the same time") {
  // In stage 0 item 1 waits until stage 1 has item 0, which another thread must be carrying.
  class Line final : public Flow::Work {
   public:
    void host(std::size_t, std::size_t begin, std::size_t end) override {
      for (std::size_t i = begin; i < end; ++i) {
        if (!first_.take(i)) return;
        if (i == 1) {
          for (int ms = 0; ms < 20000 && !second_has_; ++ms) std::this_thread::sleep_for(std::chrono::milliseconds(1));
          overlapped = second_has_;
        }
        first_.pass(i, i + 1);
        if (!second_.take(i)) return;
        second_has_ = true;
        second_.pass(i, i + 1);
      }
    }
    void device(std::size_t, std::size_t, std::size_t) override {}
    void done(std::size_t, std::size_t) override {}
    void stop() override {}
    bool overlapped = false;

   private:
    Turn first_, second_;
    std::atomic<bool> second_has_{false};
  };
  Flow flow({Place::host}, 32, 2, 2);
  Line work;
  flow.run(64, work);
  CHECK(work.overlapped);
}

TEST_CASE("threads that compute are no more than the processors, those that wait are") {
  Saturation saturation(2);
  CHECK_FALSE(saturation.full());
  // Three threads on two processors, which stand in each other's way.
  for (int i = 0; i < 32 && !saturation.full(); ++i) saturation.observe(100, 55, 3);
  CHECK(saturation.full());
  // Two of them then have a processor each, now and then one waits for its turn.
  for (int i = 0; i < 100; ++i) {
    saturation.observe(100, i % 8 == 0 ? 50 : 99, 3);
    CHECK(saturation.full());
  }
  // The stages begin to wait.
  for (int i = 0; i < 32; ++i) saturation.observe(100, 20, 3);
  CHECK_FALSE(saturation.full());
  for (int i = 0; i < 100; ++i) {
    saturation.observe(100, 20, 3);
    CHECK_FALSE(saturation.full());
  }
  saturation.observe(0, 0, 3);  // a portion too short to be measured says nothing
  CHECK_FALSE(saturation.full());
}

TEST_CASE("a run with more threads than processors ends, whether its stages compute or wait") {
  for (const bool computes : {true, false}) {
    class Each final : public Flow::Work {
     public:
      explicit Each(bool computes) : computes_(computes) {}
      void host(std::size_t, std::size_t begin, std::size_t end) override {
        const auto until = std::chrono::steady_clock::now() + std::chrono::microseconds(200);
        if (!computes_) std::this_thread::sleep_until(until);
        while (std::chrono::steady_clock::now() < until) {
        }
        items += end - begin;
      }
      void device(std::size_t, std::size_t, std::size_t) override {}
      void done(std::size_t begin, std::size_t end) override { reported += end - begin; }
      void stop() override {}
      std::atomic<std::size_t> items{0};
      std::size_t reported = 0;

     private:
      bool computes_;
    };
    Flow flow({Place::host, Place::host}, 8, 5, 1);
    Each work(computes);
    flow.run(200, work);
    CHECK(work.items == 400);
    CHECK(work.reported == 200);
  }
}

TEST_CASE("nobody waits for ever where items are dear and cheap by turns") {
  // Whether a wave is worth a worker, and whether all processors are taken, changes all the time.
  class Turns final : public Flow::Work {
   public:
    void host(std::size_t, std::size_t begin, std::size_t end) override {
      for (std::size_t i = begin; i < end; ++i) {
        const auto until = std::chrono::steady_clock::now() + std::chrono::microseconds(i / 64 % 3 == 0 ? 100 : 0);
        if (i / 512 % 2 == 0) std::this_thread::sleep_until(until);
        while (std::chrono::steady_clock::now() < until) {
        }
      }
      items += end - begin;
    }
    void device(std::size_t, std::size_t, std::size_t) override {}
    void done(std::size_t, std::size_t) override {}
    void stop() override {}
    std::atomic<std::size_t> items{0};
  };
  for (const std::size_t processors : {std::size_t{1}, std::size_t{2}, std::size_t{4}}) {
    for (const std::vector<Place>& phases :
         {std::vector{Place::host}, std::vector{Place::host, Place::device, Place::host}}) {
      Flow flow(phases, 16, 5, processors);
      for (int run = 0; run < 3; ++run) {
        Turns work;
        flow.run(2000, work);
        CHECK(work.items == 2000 * static_cast<std::size_t>(std::count(phases.begin(), phases.end(), Place::host)));
      }
    }
  }
}
