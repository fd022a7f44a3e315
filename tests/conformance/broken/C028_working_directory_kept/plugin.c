/* C028: works in a folder of its own, and with it everybody else. */
#include <unistd.h>

#include "host_stage.h"
static motet_status elsewhere(motet_call* call, motet_stage* stage, const motet_value* const* inputs, size_t n_inputs,
                              motet_value** outputs, size_t n_outputs) {
  if (chdir("/") != 0) return refused(stage->host, call, MOTET_IO, NULL, "there is no /");
  return right_process(call, stage, inputs, n_inputs, outputs, n_outputs);
}
#define PROCESS elsewhere
#include "host_stage_tables.h"
