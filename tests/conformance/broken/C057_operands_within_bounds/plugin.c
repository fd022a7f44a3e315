/* C057: looks at the element behind the last one, to know whether it has come to the end. */
#include "operation.h"
static motet_status looks_ahead(const motet_use* use, uint32_t output, int64_t begin, int64_t end, void* to) {
  const motet_tensor_view* x = use->inputs[0];
  for (int64_t i = begin; i < end; ++i) (void)((const volatile float*)x->data)[i + 1];
  return right_compute(use, output, begin, end, to);
}
#define COMPUTE looks_ahead
#include "operation_tables.h"
