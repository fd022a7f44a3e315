// Products with a constant right operand, which the dense library packs once into the form it likes best.
//
// A call takes a few small blocks from the heap (the library's list of arguments), which gemm() does not. So they are
// for products of more rows than a step of generation has.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "device/cpu/finish.hpp"

namespace motet::device::cpu {

struct PackedShape {
  std::int64_t m, n, k;
  std::vector<Finish> finish{};  // wanted of what is written, in this order
};

// y[m, n] = finish(a[m, k] b), row-major, without gaps; cut into tiles of rows, each computed on the thread that asks
// for it.
class PackedGemm {
 public:
  static constexpr std::int64_t kFewestRows = 64;

  // nullptr where gemm() should do it: m < kFewestRows, or no kernel on this processor that gains from packing. Where
  // such a kernel does not know what finishes it, finished() is 0.
  static std::unique_ptr<PackedGemm> make(const PackedShape& shape, int workers);
  ~PackedGemm();

  // How many of the shape's finishes run() applies; the caller applies the others.
  std::size_t finished() const;

  // The packed form of b, which depends on n and k alone. b[n, k] where transpose_b, else b[k, n].
  std::size_t packed_floats() const;
  void pack(const float* b, bool transpose_b, float* packed) const;
  // Before run(): `packed` outlives this object's use.
  void use(const float* packed);

  // Tile i of tiles() holds `rows` rows from `first` on; from m alone.
  struct Rows {
    std::int64_t first, rows;
  };
  std::int64_t tiles() const;
  Rows tile(std::int64_t i) const;
  // Computes tile i. a and y are those of the whole product. One call at a time for each worker. It cannot throw, being
  // in a task: check() after the tasks does, Error(environment) where a tile failed.
  void run(std::int64_t i, int worker, const float* a, float* y) const;
  void check() const;

 private:
  struct Parts;
  explicit PackedGemm(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace motet::device::cpu
