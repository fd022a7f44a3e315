#include "device/cpu/gemm.hpp"

#include <oneapi/dnnl/dnnl.h>

#include <algorithm>
#include <cassert>
#include <new>

// Of the OpenMP run-time that Debian's oneDNN brings. It counts per calling thread, so each worker asks once.
extern "C" void omp_set_num_threads(int threads);

namespace motet::device::cpu {

void stay_on_this_thread() {
  thread_local bool done = false;
  if (done) return;
  omp_set_num_threads(1);
  done = true;
}

void gemm(const GemmShape& shape, bool transpose_b, const float* a, const float* b, float beta, float* c) {
  if (shape.m == 0 || shape.n == 0) return;
  if (shape.k == 0) {
    if (beta != 0) return;
    for (std::int64_t row = 0; row < shape.m; ++row) std::fill_n(c + row * shape.ldc, shape.n, 0.0f);
    return;
  }
  stay_on_this_thread();
  // oneDNN wants a row's distance to be at least its length, even where there is only one row.
  const dnnl_status_t status =
      dnnl_sgemm('N', transpose_b ? 'T' : 'N', shape.m, shape.n, shape.k, 1.0f, a, std::max(shape.lda, shape.k), b,
                 std::max(shape.ldb, transpose_b ? shape.k : shape.n), beta, c, std::max(shape.ldc, shape.n));
  if (status == dnnl_out_of_memory) throw std::bad_alloc();
  assert(status == dnnl_success);
}

// oneDNN packs a tile's rows of a once and then walks columns in strips of 48 (24 with AVX2): measured, tall tiles of
// few strips lose little to a call for the whole product, while few rows want more columns to pay for the packing.
GemmTile gemm_tile(std::int64_t m, std::int64_t n) {
  constexpr std::int64_t kStrip = 48, kMostRows = 512, kEnoughTasks = 8;
  const std::int64_t down = std::max<std::int64_t>(1, (m + kMostRows - 1) / kMostRows);
  const std::int64_t rows = (m + down - 1) / down;
  std::int64_t cols = 4 * kStrip;
  while (cols > (rows >= 192 ? kStrip : 3 * kStrip) && (n + cols - 1) / cols * down < kEnoughTasks) cols -= kStrip;
  return {std::max<std::int64_t>((rows + 7) / 8 * 8, 8), cols};
}

}  // namespace motet::device::cpu
