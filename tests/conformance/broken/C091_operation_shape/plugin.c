/* C091: only means of whole windows, of which a short row has less than none. */
#include "operation.h"
static motet_status whole_windows(const motet_use* use, motet_tensor_spec* const* outputs) {
  const motet_status status = right_infer(use, outputs);
  if (status == MOTET_OK) outputs[0]->dims[outputs[0]->rank - 1].size -= 2 * use->attributes[0].integer;
  return status;
}
#define INFER whole_windows
#define OUTPUT_TYPE "f32[..., E]"
#include "operation_tables.h"
