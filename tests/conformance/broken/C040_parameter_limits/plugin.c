/* C040: refuses the largest number that it declares, and does not say which parameter is to blame. */
#include "host_stage.h"
static motet_status below(motet_call* call, const motet_host* host, const motet_params* params, motet_stage** out) {
  if (params->values->integer == 8) return refused(host, call, MOTET_INVALID_PARAMETER, NULL, "too often");
  return right_create(call, host, params, out);
}
#define CREATE below
#include "host_stage_tables.h"
