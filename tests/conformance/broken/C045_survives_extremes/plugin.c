/* C045: divides by a number that may be 0. */
#include "host_stage.h"
static motet_status divides(motet_call* call, const motet_host* host, const motet_params* params, motet_stage** out) {
  const motet_status status = right_create(call, host, params, out);
  if (status == MOTET_OK) (*out)->times = 1 + (int64_t)(8u / (uint32_t)params->values->integer) % 2;
  return status;
}
#define CREATE divides
static const motet_param kAny[] = {
    {sizeof(motet_param), "share", "of eight", MOTET_PARAM_INT, 0, "4", -INFINITY, INFINITY, NULL}};
#define PARAMS kAny
#define EXAMPLE ""
#include "host_stage_tables.h"
