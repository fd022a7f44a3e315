// Which dispatches must wait: those that touch memory which an earlier one, since the last barrier, wrote (or read,
// where they write).
#pragma once

#include <cstdint>
#include <vector>

namespace motet::device::vulkan {

struct Access {
  const void* buffer = nullptr;
  std::uint64_t begin = 0;  // bytes
  std::uint64_t end = 0;
  bool write = false;
};

class Hazards {
 public:
  // True where a barrier is wanted before a dispatch with these accesses; the earlier ones are then forgotten.
  bool add(const std::vector<Access>& accesses) {
    bool wanted = false;
    for (const Access& access : accesses) {
      for (const Access& earlier : since_barrier_) wanted = wanted || conflict(access, earlier);
    }
    if (wanted) since_barrier_.clear();
    since_barrier_.insert(since_barrier_.end(), accesses.begin(), accesses.end());
    return wanted;
  }

 private:
  static bool conflict(const Access& a, const Access& b) {
    return (a.write || b.write) && a.buffer == b.buffer && a.begin < b.end && b.begin < a.end;
  }
  std::vector<Access> since_barrier_;
};

}  // namespace motet::device::vulkan
