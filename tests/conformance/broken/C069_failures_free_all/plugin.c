/* C069: where its output cannot be made it forgets what it took. */
#include "host_stage.h"
static motet_status forgets(motet_call* call, motet_stage* stage, const motet_value* const* inputs, size_t n_inputs,
                            motet_value** outputs, size_t n_outputs) {
  char* taken = (char*)malloc(100);
  const motet_status status = right_process(call, stage, inputs, n_inputs, outputs, n_outputs);
  if (taken != NULL) *(volatile char*)taken = 1;
  if (status == MOTET_OK) free(taken);
  return status;
}
#define PROCESS forgets
#include "host_stage_tables.h"
