#include "device/cpu/kernel.hpp"

#include <algorithm>

namespace motet::device::cpu {

namespace ops {
#define X(stem) extern const KernelDef stem;
#include "device/cpu/kernel_table.inc"
#undef X
}  // namespace ops

namespace {

struct Entry {
  std::string_view name;
  const KernelDef* def;
};
const Entry kKernels[] = {
#define X(stem) {#stem, &ops::stem},
#include "device/cpu/kernel_table.inc"
#undef X
};

constexpr std::size_t kLine = 64;
std::size_t whole_lines(std::size_t bytes) { return (bytes + kLine - 1) / kLine * kLine; }

}  // namespace

const KernelDef* find_kernel(std::string_view op) {
  for (const Entry& entry : kKernels) {
    if (entry.name == op) return entry.def;
  }
  return nullptr;
}

bool Scratch::reserve(std::size_t bytes_each_worker, std::size_t shared_bytes) {
  bool grown = false;
  if (whole_lines(bytes_each_worker) > each_bytes_) {
    each_ = Memory();  // first, so that both are never there
    each_bytes_ = whole_lines(bytes_each_worker);
    each_ = Memory(each_bytes_ * static_cast<std::size_t>(workers_));
    grown = true;
  }
  if (shared_bytes > shared_.size_bytes()) {
    shared_ = Memory();
    shared_ = Memory(shared_bytes);
    grown = true;
  }
  return grown;
}

void Binding::want_worker_floats(std::size_t count) { worker_bytes = std::max(worker_bytes, count * sizeof(float)); }
void Binding::want_shared_floats(std::size_t count) { shared_bytes = std::max(shared_bytes, count * sizeof(float)); }

}  // namespace motet::device::cpu
