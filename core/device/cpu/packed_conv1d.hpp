// Convolutions without padding, with a constant weight, which the dense library packs once; as packed_gemm.hpp for
// products.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "device/cpu/finish.hpp"

namespace motet::device::cpu {

struct ConvShape {
  std::int64_t batch, length, in;    // of x [batch, length, in]
  std::int64_t out, kernel, stride;  // of weight [out, in, kernel]
  std::int64_t steps;                // of y [batch, steps, out]
  std::vector<Finish> finish{};      // wanted of what is written, in this order
};

class PackedConv1d {
 public:
  static constexpr std::int64_t kFewestSteps = 64;

  // nullptr where there is no kernel on this processor that gains from packing. Where such a kernel does not know what
  // finishes it, finished() is 0.
  static std::unique_ptr<PackedConv1d> make(const ConvShape& shape, int workers);
  ~PackedConv1d();

  // How many of the shape's finishes run() applies; the caller applies the others.
  std::size_t finished() const;

  // The packed form of the weight, which depends on out, in, kernel and stride alone.
  std::size_t packed_floats() const;
  void pack(const float* weight, float* packed) const;
  // Before run(): `packed` outlives this object's use.
  void use(const float* packed);

  // Tile i of tiles(): rows of y, counted over the whole batch.
  struct Rows {
    std::int64_t first, rows;
  };
  std::int64_t tiles() const;
  Rows tile(std::int64_t i) const;
  // Computes tile i. One call at a time for each worker. It cannot throw, being in a task: check() after the tasks
  // does, Error(environment) where a tile failed.
  void run(std::int64_t i, int worker, const float* x, float* y) const;
  void check() const;

 private:
  struct Parts;
  explicit PackedConv1d(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace motet::device::cpu
