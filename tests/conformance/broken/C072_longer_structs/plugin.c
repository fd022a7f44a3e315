/* C072: walks through the parameters with its own size of one. */
#include "host_stage.h"
static motet_status walks(motet_call* call, const motet_host* host, const motet_params* params, motet_stage** out) {
  const motet_status status = right_create(call, host, params, out);
  if (status == MOTET_OK) (*out)->times = params->values[1].kind == MOTET_PARAM_INT ? params->values[1].integer : 1;
  return status;
}
#define CREATE walks
static const motet_param kTwo[] = {
    {sizeof(motet_param), "unused", "nothing", MOTET_PARAM_INT, 0, "1", 1, 8, NULL},
    {sizeof(motet_param), "times", "how many times", MOTET_PARAM_INT, 0, "1", 1, 8, NULL}};
#define PARAMS kTwo
#include "host_stage_tables.h"
