/* C038: once it has worked it does not want to negotiate again. */
#include "host_stage.h"
static motet_status works(motet_call* call, motet_stage* stage, const motet_value* const* inputs, size_t n_inputs,
                          motet_value** outputs, size_t n_outputs) {
  stage->own = stage;
  return right_process(call, stage, inputs, n_inputs, outputs, n_outputs);
}
#define PROCESS works
static motet_status once(motet_call* call, motet_stage* stage, motet_negotiation* negotiation) {
  (void)negotiation;
  return stage->own == NULL ? MOTET_OK : refused(stage->host, call, MOTET_UNSUPPORTED, NULL, "it is at work");
}
#define NEGOTIATE once
#define CONCURRENCY MOTET_SERIAL
#include "host_stage_tables.h"
