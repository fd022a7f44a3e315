#include "base/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <new>
#include <numeric>
#include <set>
#include <stdexcept>
#include <string>

#include "support/catch.hpp"

using namespace motet::base;

TEST_CASE("each task runs once, by a worker that exists") {
  for (int threads : {1, 2, 3, 8}) {
    Pool pool(threads);
    REQUIRE(pool.threads() == threads);
    for (std::size_t tasks : {0u, 1u, 2u, 7u, 1000u, 65535u, 65536u, 200001u}) {
      std::vector<std::atomic<int>> runs(tasks);
      std::atomic<int> strangers = 0;
      pool.run(tasks, [&](std::size_t index, int worker) {
        runs[index].fetch_add(1);
        if (worker < 0 || worker >= threads) ++strangers;
      });
      CHECK(std::all_of(runs.begin(), runs.end(), [](const auto& n) { return n == 1; }));
      CHECK(strangers == 0);
    }
  }
}

TEST_CASE("what a job wrote is there when run returns, over many small jobs") {
  Pool pool(2);
  std::vector<long> values(64, 0);
  constexpr int kJobs = 5'000;
  for (int job = 0; job < kJobs; ++job) {
    pool.run(values.size(), [&](std::size_t index, int) { values[index] += 1; });  // not atomic: jobs must not overlap
  }
  CHECK(std::accumulate(values.begin(), values.end(), 0L) == 64L * kJobs);
}

TEST_CASE("workers that went to sleep come back") {
  Pool pool(3);
  for (int round = 0; round < 20; ++round) {
    std::atomic<int> done = 0;
    pool.run(50, [&](std::size_t, int) { ++done; });
    CHECK(done == 50);
    std::this_thread::sleep_for(std::chrono::milliseconds(round % 3));
  }
}

TEST_CASE("of tasks that throw the first exception is thrown, the others run, and the pool goes on") {
  for (const int threads : {1, 2, 3}) {
    Pool pool(threads);
    for (int round = 0; round < 50; ++round) {
      std::atomic<int> ran = 0;
      const auto task = [&](std::size_t index, int) {
        ++ran;
        if (index % 7 == 3) throw std::runtime_error("task " + std::to_string(index));
      };
      CHECK_THROWS_AS(pool.run(40, task), std::runtime_error);
      CHECK((threads == 1 || ran == 40));
      ran = 0;
      CHECK_NOTHROW(pool.run(3, task));
      CHECK(ran == 3);
      CHECK_THROWS_AS(pool.run(1, [](std::size_t, int) { throw std::bad_alloc(); }), std::bad_alloc);
    }
  }
}

TEST_CASE("an exception of a task's own run goes through the task") {
  Pool pool(2);
  CHECK_THROWS_AS(pool.run(2, [&](std::size_t, int) { pool.run(2, [](std::size_t, int) { throw std::bad_alloc(); }); }),
                  std::bad_alloc);
}

namespace {

// Waits until `arrived` is `wanted`; false after a time in which any scheduler would have got there.
bool meet(std::atomic<int>& arrived, int wanted) {
  ++arrived;
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (arrived < wanted) {
    if (std::chrono::steady_clock::now() > limit) return false;
    std::this_thread::yield();
  }
  return true;
}

}  // namespace

TEST_CASE("as many tasks run at once as there are threads") {
  Pool pool(3);
  std::atomic<int> arrived = 0, alone = 0;
  pool.run(3, [&](std::size_t, int) { alone += meet(arrived, 3) ? 0 : 1; });
  CHECK(alone == 0);
}

TEST_CASE("what one worker has not begun others do") {
  Pool pool(2);
  for (const std::size_t tasks : {std::size_t{10}, std::size_t{200'001}}) {
    std::atomic<std::size_t> done = 0;
    std::atomic<bool> held = false;
    std::atomic<int> alone = 0;
    pool.run(tasks, [&](std::size_t, int) {
      // The first to come waits for the end of all other tasks, those of its own share among them. Tasks of many share
      // a unit, whose others it does itself.
      if (!held.exchange(true)) {
        const std::size_t unit = (tasks + 0xFFFE) / 0xFFFF;
        const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        while (done + unit < tasks && std::chrono::steady_clock::now() < limit) std::this_thread::yield();
        if (done + unit < tasks) ++alone;
      }
      ++done;
    });
    CHECK(done == tasks);
    CHECK(alone == 0);
  }
}

TEST_CASE("a run within a task stays in place, with its worker's own number") {
  Pool pool(3);
  std::atomic<int> arrived = 0, inner = 0, moved = 0;
  pool.run(3, [&](std::size_t, int worker) {
    meet(arrived, 3);  // so that each worker has one
    const std::thread::id outer_thread = std::this_thread::get_id();
    pool.run(16, [&](std::size_t, int inner_worker) {
      ++inner;
      // Scratch memory is kept by worker: another number would be another thread's.
      if (inner_worker != worker || std::this_thread::get_id() != outer_thread) ++moved;
    });
  });
  CHECK(inner == 3 * 16);
  CHECK(moved == 0);
  std::atomic<int> after = 0;
  pool.run(100, [&](std::size_t, int) { ++after; });
  CHECK(after == 100);
}

TEST_CASE("a pool that never ran ends") {
  for (int i = 0; i < 50; ++i) Pool pool(3);
  CHECK(available_processors() >= 1);
  CHECK(Pool().threads() == available_processors());
}
