/* C037: what create remembers only its own thread knows. */
#include "host_stage.h"
static _Thread_local int g_known = 0;
static motet_status remembers(motet_call* call, const motet_host* host, const motet_params* params, motet_stage** out) {
  g_known = 1;
  return right_create(call, host, params, out);
}
static motet_status asks(motet_call* call, motet_stage* stage, const motet_value* const* inputs, size_t n_inputs,
                         motet_value** outputs, size_t n_outputs) {
  if (!g_known) return refused(stage->host, call, MOTET_INVALID_ITEM, NULL, "this thread has made no stage");
  return right_process(call, stage, inputs, n_inputs, outputs, n_outputs);
}
#define CREATE remembers
#define PROCESS asks
#define CONCURRENCY MOTET_SERIAL
#include "host_stage_tables.h"
