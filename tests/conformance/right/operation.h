/* An operation that keeps every rule, and a tensor stage that writes it: y[..., n] is the mean of x from n - reach to
 * n + reach, as far as its row goes. Used as host_stage.h says, with operation_tables.h. */
#ifndef CONFORMANCE_OPERATION_H
#define CONFORMANCE_OPERATION_H

#include "tensor_stage.h"

static inline int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
static inline int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }

static inline motet_status right_infer(const motet_use* use, motet_tensor_spec* const* outputs) {
  (void)outputs; /* like x */
  if (use->inputs[0]->rank > 0) return MOTET_OK;
  use->fail(use, "x has no rows");
  return MOTET_INVALID_ITEM;
}

static inline motet_status right_compute(const motet_use* use, uint32_t output, int64_t begin, int64_t end, void* to) {
  const motet_tensor_view *x = use->inputs[0], *y = use->outputs[output];
  const int64_t width = x->sizes[x->rank - 1], length = y->sizes[y->rank - 1], reach = use->attributes[0].integer;
  for (int64_t i = begin; i < end; ++i) {
    const int64_t n = i % length, first = most(n - reach, 0), last = least(n + reach, width - 1);
    const float* row = (const float*)x->data + i / length * width;
    double sum = 0;
    for (int64_t j = first; j <= last; ++j) sum += row[j];
    ((float*)to)[i - begin] = (float)(sum / (double)(last - first + 1));
  }
  return MOTET_OK;
}

static inline int64_t right_cost(const motet_use* use, uint32_t output) {
  (void)output;
  return 2 * use->attributes[0].integer + 1;
}

#define RIGHT_GLSL                                                             \
  "float y_at(uint i) {\n"                                                     \
  "  const int width = int(x_size(-1)), n = int(i % y_size(-1));\n"            \
  "  const int first = max(n - reach, 0), last = min(n + reach, width - 1);\n" \
  "  float sum = 0.0;\n"                                                       \
  "  for (int j = first; j <= last; ++j)\n"                                    \
  "    sum += x_at(i / y_size(-1) * uint(width) + uint(j));\n"                 \
  "  return sum / float(last - first + 1);\n"                                  \
  "}\n"

static inline motet_status emitting(motet_builder* g, const char* operation, motet_tensor x, motet_tensor* out) {
  const motet_attribute reach = {"reach", MOTET_ATTRIBUTE_INTEGER, 0, 2, 0, NULL, NULL};
  *out = g->emit(g, operation, &x, 1, &reach, 1, NULL, 0);
  return MOTET_OK;
}

#endif
