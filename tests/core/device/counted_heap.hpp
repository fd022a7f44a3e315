// This test program's operator new counts itself while asked to.
#pragma once

namespace motet::tests {

class HeapCount {
 public:
  static bool counts();  // false under sanitizers
  HeapCount();           // starts at 0
  ~HeapCount();          // stops counting
  long allocations() const;
};

}  // namespace motet::tests
