// C005: what std::string::at throws goes through the border.
#include <string>

#include "host_stage.h"

static motet_status last_letter(motet_call* call, motet_stage* stage, const motet_value* const* inputs, size_t n_inputs,
                                motet_value** outputs, size_t n_outputs) {
  const std::string nothing;
  return nothing.at(n_inputs) == 'x' ? MOTET_OK : right_process(call, stage, inputs, n_inputs, outputs, n_outputs);
}
#define PROCESS last_letter
#include "host_stage_tables.h"
