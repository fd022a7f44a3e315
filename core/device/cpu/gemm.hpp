// The dense library, called single-threaded on tiles that the pool hands out.
#pragma once

#include <cstdint>

namespace motet::device::cpu {

struct GemmShape {
  std::int64_t m, n, k;
  std::int64_t lda, ldb, ldc;  // elements between rows
};

// c[m, n] = a[m, k] b + beta c, row-major; b[k, n], or [n, k] where transpose_b. With k = 0, c = beta c.
void gemm(const GemmShape& shape, bool transpose_b, const float* a, const float* b, float beta, float* c);

// Keeps the dense library's calls of this thread on this thread: its own threads would fight the pool's.
void stay_on_this_thread();

// Rows and columns of one task's tile of a product [m, n]: from the sizes alone.
struct GemmTile {
  std::int64_t rows, cols;
};
GemmTile gemm_tile(std::int64_t m, std::int64_t n);

}  // namespace motet::device::cpu
