/* C006: an item is refused, and nobody learns why. */
#include "host_stage.h"
static motet_status silent(motet_call* call, motet_stage* stage, const motet_value* const* inputs, size_t n_inputs,
                           motet_value** outputs, size_t n_outputs) {
  (void)call, (void)stage, (void)inputs, (void)n_inputs, (void)outputs, (void)n_outputs;
  return MOTET_INVALID_ITEM;
}
#define PROCESS silent
#include "host_stage_tables.h"
