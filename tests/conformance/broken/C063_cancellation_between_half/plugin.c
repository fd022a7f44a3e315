/* C063: cancelled when it asks for the second time it leaves half of its work behind; at the first there is none. */
#include "host_stage.h"
static motet_status halves(motet_call* call, motet_stage* stage, const motet_value* const* inputs, size_t n_inputs,
                           motet_value** outputs, size_t n_outputs) {
  if (stage->host->should_cancel(call)) return refused(stage->host, call, MOTET_CANCELLED, NULL, "cancelled");
  stage->times += 1;
  if (stage->host->should_cancel(call)) return refused(stage->host, call, MOTET_CANCELLED, NULL, "cancelled");
  stage->times -= 1;
  return right_process(call, stage, inputs, n_inputs, outputs, n_outputs);
}
#define PROCESS halves
#define CONCURRENCY MOTET_SERIAL
#include "host_stage_tables.h"
