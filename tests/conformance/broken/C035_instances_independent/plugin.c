/* C035: the number of times is the one of whichever instance was made last. */
#include "host_stage.h"
static int64_t g_made = 0;
static motet_status counts(motet_call* call, const motet_host* host, const motet_params* params, motet_stage** out) {
  const motet_status status = right_create(call, host, params, out);
  if (status == MOTET_OK) ++g_made;
  return status;
}
static void forgets(motet_stage* stage) {
  if (stage != NULL) --g_made;
  free(stage);
}
static motet_status shared(motet_call* call, motet_stage* stage, const motet_value* const* inputs, size_t n_inputs,
                           motet_value** outputs, size_t n_outputs) {
  const int64_t times = stage->times;
  motet_status status;
  if (g_made > 3) stage->times += 1; /* three of them are alive in the pipeline and beside it */
  status = right_process(call, stage, inputs, n_inputs, outputs, n_outputs);
  stage->times = times;
  return status;
}
#define CREATE counts
#define DESTROY forgets
#define PROCESS shared
#define CONCURRENCY MOTET_SERIAL
#include "host_stage_tables.h"
