/* C012: a symbol is wanted when all sizes are known. */
#include "host_stage.h"
static motet_status symbol(motet_call* call, motet_stage* stage, const motet_value* const* inputs, size_t n_inputs,
                           motet_value** outputs, size_t n_outputs) {
  (void)stage->host->fresh_symbol(call);
  return right_process(call, stage, inputs, n_inputs, outputs, n_outputs);
}
#define PROCESS symbol
#include "host_stage_tables.h"
