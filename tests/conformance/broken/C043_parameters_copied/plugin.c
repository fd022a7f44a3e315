/* C043: keeps the text of a parameter where the host had it. */
#include "host_stage.h"
static motet_status borrows(motet_call* call, const motet_host* host, const motet_params* params, motet_stage** out) {
  const motet_status status = right_create(call, host, params, out);
  if (status == MOTET_OK) {
    (*out)->times = 1;
    (*out)->own = (void*)params->values->string;
  }
  return status;
}
static motet_status by_letter(motet_call* call, motet_stage* stage, const motet_value* const* inputs, size_t n_inputs,
                              motet_value** outputs, size_t n_outputs) {
  stage->times = *(const char*)stage->own == 't' ? 2 : 1;
  return right_process(call, stage, inputs, n_inputs, outputs, n_outputs);
}
#define CREATE borrows
#define PROCESS by_letter
static const char* const kWords[] = {"once", "twice, or two times, which is the same", NULL};
static const motet_param kHow[] = {{sizeof(motet_param), "how", "how often", MOTET_PARAM_STRING, 0,
                                    "twice, or two times, which is the same", 0, 0, kWords}};
#define PARAMS kHow
#define EXAMPLE ""
#define CONCURRENCY MOTET_SERIAL
#include "host_stage_tables.h"
