/* C068: create does not look whether there was scratch memory. */
#include "host_stage.h"
static motet_status trusts(motet_call* call, const motet_host* host, const motet_params* params, motet_stage** out) {
  *(volatile char*)host->scratch(call, 16) = 0;
  return right_create(call, host, params, out);
}
#define CREATE trusts
#include "host_stage_tables.h"
