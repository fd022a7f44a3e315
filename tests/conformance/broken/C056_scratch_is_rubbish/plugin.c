/* C056: believes that scratch memory is full of zeros. */
#include "host_stage.h"
static motet_status believes(motet_call* call, motet_stage* stage, const motet_value* const* inputs, size_t n_inputs,
                             motet_value** outputs, size_t n_outputs) {
  const unsigned char* marks = (const unsigned char*)stage->host->scratch(call, 65536);
  const int64_t times = stage->times;
  motet_status status;
  if (marks == NULL) return handed_on(stage->host, call, MOTET_OUT_OF_MEMORY);
  if (marks[60000] == 0x7F && marks[65000] == 0x7F) stage->times += 1;
  status = right_process(call, stage, inputs, n_inputs, outputs, n_outputs);
  stage->times = times;
  return status;
}
#define PROCESS believes
#define CONCURRENCY MOTET_SERIAL
#include "host_stage_tables.h"
