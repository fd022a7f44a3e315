// Counts what this process takes from the heap through operator new, on all threads.
#pragma once

#include <cstdint>

namespace motet::test {

std::uint64_t heap_allocations();

}  // namespace motet::test
