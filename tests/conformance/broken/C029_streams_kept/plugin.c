/* C029: says to stdout what it does. */
#include <unistd.h>

#include "host_stage.h"
static motet_status talking(motet_call* call, motet_stage* stage, const motet_value* const* inputs, size_t n_inputs,
                            motet_value** outputs, size_t n_outputs) {
  if (write(1, "working\n", 8) < 0) return refused(stage->host, call, MOTET_IO, NULL, "stdout is full");
  return right_process(call, stage, inputs, n_inputs, outputs, n_outputs);
}
#define PROCESS talking
#include "host_stage_tables.h"
