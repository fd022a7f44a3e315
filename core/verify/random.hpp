// Random numbers from a seed: the same everywhere, so that --seed repeats a run.
#pragma once

#include <cstdint>

namespace motet::verify {

// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  // From `least` to `most`, both included. The bias of the remainder is far below what any check could see.
  std::int64_t between(std::int64_t least, std::int64_t most) {
    const std::uint64_t span = static_cast<std::uint64_t>(most) - static_cast<std::uint64_t>(least) + 1;
    return span == 0 ? static_cast<std::int64_t>(next()) : least + static_cast<std::int64_t>(next() % span);
  }
  double unit() { return static_cast<double>(next() >> 11) * 0x1p-53; }  // [0, 1)
  float number() { return static_cast<float>(unit() * 4 - 2); }          // [-2, 2)

 private:
  std::uint64_t state_;
};

}  // namespace motet::verify
