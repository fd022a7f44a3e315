/* C094: divides by the spread of a window, which is 0 where all of it is equal. */
#include "operation.h"
static motet_status by_spread(const motet_use* use, uint32_t output, int64_t begin, int64_t end, void* to) {
  const motet_tensor_view* x = use->inputs[0];
  const int64_t width = x->sizes[x->rank - 1], reach = use->attributes[0].integer;
  (void)output;
  for (int64_t i = begin; i < end; ++i) {
    const int64_t row = i - i % width, first = most(i - reach, row), last = least(i + reach, row + width - 1);
    const float* at = (const float*)x->data;
    float low = at[i], high = at[i];
    for (int64_t j = first; j <= last; ++j) low = fminf(low, at[j]), high = fmaxf(high, at[j]);
    ((float*)to)[i - begin] = (at[i] - low) / (high - low);
  }
  return MOTET_OK;
}
#define COMPUTE by_spread
#define GLSL                                                                           \
  "float y_at(uint i) {\n"                                                             \
  "  const int width = int(x_size(-1)), n = int(i), row = n - n % width;\n"            \
  "  float low = x_at(i), high = low;\n"                                               \
  "  for (int j = max(n - reach, row); j <= min(n + reach, row + width - 1); ++j) {\n" \
  "    low = min(low, x_at(uint(j)));\n"                                               \
  "    high = max(high, x_at(uint(j)));\n"                                             \
  "  }\n"                                                                              \
  "  return (x_at(i) - low) / (high - low);\n"                                         \
  "}\n"
#include "operation_tables.h"
