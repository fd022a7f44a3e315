// What a kernel of the cpu device is: bound once to raw pointers by prepare(), then run many times without allocating.
//
// ops/<op>.cpp defines `const KernelDef motet::device::cpu::ops::<op>`; the build collects them (find_kernel).
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/parallel.hpp"
#include "device/cpu/buffer.hpp"
#include "plan/plan.hpp"

namespace motet::device::cpu {

using tensor::DType;
using tensor::Shape;
using tensor::TensorType;

// Working memory that all kernels of a device share, since they run one after the other. Grown by prepare() only.
class Scratch {
 public:
  explicit Scratch(int workers) : workers_(workers) {}
  // Bytes that a kernel wants for each worker, or once. Returns whether memory was allocated.
  bool reserve(std::size_t bytes_each_worker, std::size_t shared_bytes);
  std::byte* worker(int index) const { return each_.data() + static_cast<std::size_t>(index) * each_bytes_; }
  std::byte* shared() const { return shared_.data(); }

 private:
  int workers_;
  std::size_t each_bytes_ = 0;
  Memory each_;
  Memory shared_;
};

struct Run {
  base::Pool& pool;
  const Scratch& scratch;
  float* worker_floats(int worker) const { return reinterpret_cast<float*>(scratch.worker(worker)); }
  float* shared_floats() const { return reinterpret_cast<float*>(scratch.shared()); }
};

class Kernel {
 public:
  virtual ~Kernel() = default;
  virtual void run(const Run& context) = 0;
};

// One operand with its memory. `constant`: its buffer, where the contents never change.
struct Operand {
  const TensorType* type = nullptr;
  std::byte* data = nullptr;
  const CpuBuffer* constant = nullptr;
};

// A step of a plan with its memory, as bind() sees it.
struct Binding {
  const plan::Step& step;
  std::vector<Operand> inputs;  // as Step::inputs; data nullptr where absent
  std::vector<Operand> outputs;
  std::vector<Operand> epilogue_operands;  // one for each epilogue; data nullptr for unary ones
  int workers = 1;
  std::size_t worker_bytes = 0;  // wanted of Scratch; bind() raises them
  std::size_t shared_bytes = 0;

  bool has(std::size_t i) const { return i < inputs.size() && inputs[i].type != nullptr; }
  const Shape& shape(std::size_t i) const { return inputs[i].type->shape; }
  DType dtype(std::size_t i) const { return inputs[i].type->dtype; }
  template <class T>
  const T* input(std::size_t i) const {
    return has(i) ? reinterpret_cast<const T*>(inputs[i].data) : nullptr;
  }
  template <class T>
  T* output(std::size_t i) const {
    return reinterpret_cast<T*>(outputs[i].data);
  }
  const Shape& out_shape(std::size_t i = 0) const { return outputs[i].type->shape; }
  const plan::Attributes& attributes() const { return step.attributes; }
  void want_worker_floats(std::size_t count);
  void want_shared_floats(std::size_t count);
};

struct KernelDef {
  std::unique_ptr<Kernel> (*bind)(Binding& binding);
};

// nullptr: no such kernel.
const KernelDef* find_kernel(std::string_view op);

// A kernel whose work is one lambda (const Run&), for operations that keep no other state.
template <class Body>
std::unique_ptr<Kernel> make_kernel(Body body) {
  class Lambda final : public Kernel {
   public:
    explicit Lambda(Body b) : body_(std::move(b)) {}
    void run(const Run& context) override { body_(context); }

   private:
    Body body_;
  };
  return std::make_unique<Lambda>(std::move(body));
}

// Elements that one task of cheap elementwise work should have: small enough for the first-level cache, large enough
// to pay for handing it out.
inline constexpr std::int64_t kTaskElements = 8192;

// Calls body(begin, end, worker) over pieces of [0, count) of `grain` each; how it is cut depends on nothing else.
template <class Body>
void parallel_pieces(base::Pool& pool, std::int64_t count, std::int64_t grain, Body&& body) {
  if (count <= 0) return;
  grain = grain < 1 ? 1 : grain;
  const auto pieces = static_cast<std::size_t>((count + grain - 1) / grain);
  pool.run(pieces, [&](std::size_t piece, int worker) {
    const std::int64_t begin = static_cast<std::int64_t>(piece) * grain;
    body(begin, begin + grain < count ? begin + grain : count, worker);
  });
}

// Rows that one task should have where a row has `width` elements.
inline std::int64_t row_grain(std::int64_t width, std::int64_t elements = kTaskElements) {
  return width <= 0 || width >= elements ? 1 : elements / width;
}

}  // namespace motet::device::cpu
