/* C007: create says that all is well and gives nothing. */
#include "host_stage.h"
static motet_status nothing(motet_call* call, const motet_host* host, const motet_params* params, motet_stage** out) {
  (void)call, (void)host, (void)params, (void)out;
  return MOTET_OK;
}
#define CREATE nothing
#include "host_stage_tables.h"
