// How much memory the process has from malloc: what grows with every round is leaked.
#pragma once

#include <malloc.h>

#include <cstddef>

#include "verify/trial.hpp"

namespace motet::verify {

inline std::size_t heap_bytes() {
  const struct mallinfo2 all = ::mallinfo2();
  return all.uordblks + all.hblkhd;
}

// Runs the body `rounds` times after a few that may warm up, and fails where some bytes are left of each.
template <class Body>
void expect_no_leak(int rounds, const std::string& what, Body&& body) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  (void)rounds, (void)what, (void)body;
  skip("this Motet is built with a sanitizer, whose memory malloc does not count");
#else
  for (int i = 0; i < 100; ++i) body();  // the host keeps some returned calls for a while
  const std::size_t before = heap_bytes();
  for (int i = 0; i < rounds; ++i) body();
  const std::size_t after = heap_bytes();
  // Small pieces that malloc keeps for itself count as used, and go up and down.
  constexpr std::size_t kNoise = 4096;
  const std::size_t grown = after > before ? after - before : 0;
  if (grown < kNoise + 4 * static_cast<std::size_t>(rounds)) return;
  fail(what + " " + std::to_string(rounds) + " times left " + std::to_string(grown) +
       " bytes of memory behind, about " + std::to_string(grown / static_cast<std::size_t>(rounds)) + " each time");
#endif
}

}  // namespace motet::verify
