#include "device/cpu/gemm.hpp"

#include <oneapi/dnnl/dnnl.h>

#include <algorithm>
#include <cassert>

// Of the OpenMP run-time that Debian's oneDNN brings. It counts per calling thread, so each worker asks once.
extern "C" void omp_set_num_threads(int threads);

namespace motet::device::cpu {
namespace {

void stay_on_this_thread() {
  thread_local bool done = false;
  if (done) return;
  omp_set_num_threads(1);
  done = true;
}

}  // namespace

void gemm(const GemmShape& shape, bool transpose_b, const float* a, const float* b, float beta, float* c) {
  if (shape.m == 0 || shape.n == 0) return;
  if (shape.k == 0) {
    if (beta != 0) return;
    for (std::int64_t row = 0; row < shape.m; ++row) std::fill_n(c + row * shape.ldc, shape.n, 0.0f);
    return;
  }
  stay_on_this_thread();
  // oneDNN wants a row's distance to be at least its length, even where there is only one row.
  [[maybe_unused]] const dnnl_status_t status =
      dnnl_sgemm('N', transpose_b ? 'T' : 'N', shape.m, shape.n, shape.k, 1.0f, a, std::max(shape.lda, shape.k), b,
                 std::max(shape.ldb, transpose_b ? shape.k : shape.n), beta, c, std::max(shape.ldc, shape.n));
  assert(status == dnnl_success);
}

GemmTile gemm_tile(std::int64_t m, std::int64_t n, std::int64_t k) {
  (void)k;
  const auto cut = [](std::int64_t size, std::int64_t most, std::int64_t multiple) {
    const std::int64_t pieces = (size + most - 1) / most;
    if (pieces <= 1) return std::max<std::int64_t>(size, 1);
    const std::int64_t each = (size + pieces - 1) / pieces;
    return (each + multiple - 1) / multiple * multiple;
  };
  return {cut(m, 128, 8), cut(n, 384, 16)};
}

}  // namespace motet::device::cpu
