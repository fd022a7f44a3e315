// Stages to measure the engine by: bench.pass hands its value on, bench.make copies it, bench.work computes for a
// while.
#include <motet/sdk.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <thread>

namespace motet::bench {
namespace {

class Pass {
 public:
  static constexpr auto type =
      stage_type("bench.pass", "tensor").summary("Hands its value on.").in("x", "f32[N]").out("y", "f32[N]");
  TensorValue process(const Call&, const TensorValue& x) const { return x; }
};

class Make {
 public:
  static constexpr auto type =
      stage_type("bench.make", "tensor").summary("Makes a tensor as large.").in("x", "f32[N]").out("y", "f32[N]");
  NewTensor process(const Call& call, const TensorValue& x) const {
    NewTensor made = call.tensor(MOTET_F32, x.sizes());
    std::copy(x.floats().begin(), x.floats().end(), made.floats().begin());
    return made;
  }
};

class Work {
 public:
  static constexpr auto type = stage_type("bench.work", "tensor")
                                   .summary("Computes the same on every value, which it then hands on.")
                                   .serial()
                                   .in("x", "f32[N]")
                                   .out("y", "f32[N]")
                                   .param<std::int64_t>("rounds", "how long")
                                   .required();
  explicit Work(const Params& p) : rounds_(p.integer("rounds")) {}
  TensorValue process(const Call&, const TensorValue& x) const {
    std::uint64_t state = static_cast<std::uint64_t>(x.floats().size());
    for (std::int64_t i = 0; i < rounds_; ++i) state = state * 6364136223846793005u + 1442695040888963407u;
    if (state == 0) throw ItemError("the arithmetic came out at zero");  // so that it is not left out
    return x;
  }

 private:
  std::int64_t rounds_;
};

class Wait {
 public:
  static constexpr auto type = stage_type("bench.wait", "tensor")
                                   .summary("Waits, as for a file or a network, and hands its value on.")
                                   .serial()
                                   .in("x", "f32[N]")
                                   .out("y", "f32[N]")
                                   .param<double>("ms", "how long")
                                   .required();
  explicit Wait(const Params& p) : time_(p.number("ms")) {}
  TensorValue process(const Call&, const TensorValue& x) const {
    std::this_thread::sleep_for(time_);
    return x;
  }

 private:
  std::chrono::duration<double, std::milli> time_;
};

}  // namespace
}  // namespace motet::bench

MOTET_PLUGIN("bench", "1.0.0", motet::bench::Pass, motet::bench::Make, motet::bench::Work, motet::bench::Wait)
