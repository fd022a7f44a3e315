/* C108: once there was no memory it believes that there never will be. */
#include "host_stage.h"
static motet_status gives_up(motet_call* call, const motet_host* host, const motet_params* params, motet_stage** out) {
  static int failed = 0;
  if (failed || host->scratch(call, 16) == NULL) {
    failed = 1;
    return refused(host, call, MOTET_OUT_OF_MEMORY, NULL, "there is no memory left");
  }
  return right_create(call, host, params, out);
}
#define CREATE gives_up
#include "host_stage_tables.h"
