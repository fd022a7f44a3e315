/* C068: create takes memory piece by piece, and does not look whether it got the last one. */
#include "host_stage.h"
static motet_status trusts(motet_call* call, const motet_host* host, const motet_params* params, motet_stage** out) {
  for (int piece = 0; piece < 29; ++piece) {
    if (host->scratch(call, 16) == NULL) return handed_on(host, call, MOTET_OUT_OF_MEMORY);
  }
  *(volatile char*)host->scratch(call, 16) = 0;
  return right_create(call, host, params, out);
}
#define CREATE trusts
#include "host_stage_tables.h"
