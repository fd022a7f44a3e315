/* C095: a cost for each element of a window that is given for a row, and rounded down. */
#include "operation.h"
static int64_t rounded_down(const motet_use* use, uint32_t output) {
  const motet_tensor_view* x = use->inputs[0];
  return right_cost(use, output) * x->sizes[x->rank - 1] / 8;
}
#define COST rounded_down
#include "operation_tables.h"
