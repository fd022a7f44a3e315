/* Element types and shapes as they cross the border. */
#ifndef MOTET_TENSOR_SPEC_H
#define MOTET_TENSOR_SPEC_H

#include "status.h"

typedef uint32_t motet_dtype;

enum {
  MOTET_NONE = 0,
  MOTET_F32 = 1,
  MOTET_F16 = 2,
  MOTET_BF16 = 3,
  MOTET_I32 = 4,
  MOTET_I64 = 5,
  MOTET_U8 = 6,
  MOTET_BOOL = 7,
  MOTET_Q8_0 = 32, /* GGUF blocks of 32 elements along the last dimension */
  MOTET_Q4_0 = 33,
  MOTET_Q4_1 = 34,
  MOTET_Q5_0 = 35,
  MOTET_Q5_1 = 36,
  MOTET_Q4_K = 37, /* of 256 elements */
  MOTET_Q5_K = 38,
  MOTET_Q6_K = 39
};

#define MOTET_MAX_RANK 8

/* A dimension: a number (size >= 0), or a symbol (size -1) that stands for a number not known yet. Symbols are the
 * host's numbers; equal symbols are equal sizes. */
typedef struct motet_dim {
  int64_t size;
  uint32_t symbol;
  uint32_t reserved;
} motet_dim;

/* dtype and shape, row-major: the last dimension is contiguous. */
typedef struct motet_tensor_spec {
  size_t struct_size;
  motet_dtype dtype;
  uint32_t rank;
  motet_dim dims[MOTET_MAX_RANK];
} motet_tensor_spec;

#endif
