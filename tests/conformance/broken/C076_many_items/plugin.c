/* C076: from the fortieth item on it says everything once more. */
#include "host_stage.h"
static motet_status tires(motet_call* call, motet_stage* stage, const motet_value* const* inputs, size_t n_inputs,
                          motet_value** outputs, size_t n_outputs) {
  const int64_t times = stage->times;
  size_t* count = (size_t*)&stage->own;
  motet_status status;
  if (++*count >= 40) stage->times += 1;
  status = right_process(call, stage, inputs, n_inputs, outputs, n_outputs);
  stage->times = times;
  return status;
}
#define PROCESS tires
#define CONCURRENCY MOTET_SERIAL
#include "host_stage_tables.h"
