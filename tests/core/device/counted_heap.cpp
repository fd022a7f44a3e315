#include "core/device/counted_heap.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {
std::atomic<bool> counting{false};
std::atomic<long> count{0};
}  // namespace

// The sanitizers bring their own, and check that memory goes back the way it came.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define MOTET_COUNTS 1
void* operator new(std::size_t size) {
  if (counting) ++count;
  if (void* at = std::malloc(size == 0 ? 1 : size)) return at;
  throw std::bad_alloc();
}
void operator delete(void* at) noexcept { std::free(at); }
void operator delete(void* at, std::size_t) noexcept { std::free(at); }
#else
#define MOTET_COUNTS 0
#endif

namespace motet::tests {

bool HeapCount::counts() { return MOTET_COUNTS; }
HeapCount::HeapCount() {
  count = 0;
  counting = true;
}
HeapCount::~HeapCount() { counting = false; }
long HeapCount::allocations() const { return count; }

}  // namespace motet::tests
