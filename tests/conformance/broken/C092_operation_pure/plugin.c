/* C092: takes the elements that it is asked for as all that there are. */
#include "operation.h"
static motet_status forgets(const motet_use* use, uint32_t output, int64_t begin, int64_t end, void* to) {
  const motet_tensor_view* x = use->inputs[0];
  const int64_t width = x->sizes[x->rank - 1], reach = use->attributes[0].integer;
  (void)output;
  for (int64_t i = begin; i < end; ++i) {
    const int64_t row = i - i % width, first = most(most(i - reach, row), begin),
                  last = least(i + reach, row + width - 1);
    double sum = 0;
    for (int64_t j = first; j <= last; ++j) sum += ((const float*)x->data)[j];
    ((float*)to)[i - begin] = (float)(sum / (double)(last - first + 1));
  }
  return MOTET_OK;
}
#define COMPUTE forgets
#include "operation_tables.h"
