#include "core/device/counted_heap.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {
std::atomic<bool> counting{false};
std::atomic<long> count{0};
}  // namespace

void* operator new(std::size_t size) {
  if (counting) ++count;
  if (void* at = std::malloc(size == 0 ? 1 : size)) return at;
  throw std::bad_alloc();
}
void operator delete(void* at) noexcept { std::free(at); }
void operator delete(void* at, std::size_t) noexcept { std::free(at); }

namespace motet::tests {

HeapCount::HeapCount() {
  count = 0;
  counting = true;
}
HeapCount::~HeapCount() { counting = false; }
long HeapCount::allocations() const { return count; }

}  // namespace motet::tests
