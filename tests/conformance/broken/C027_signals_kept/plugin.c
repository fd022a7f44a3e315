/* C027: SIGUSR1 is its own. */
#include <signal.h>

#include "host_stage.h"
static void on_signal(int number) { (void)number; }
static motet_status listening(motet_call* call, const motet_host* host, const motet_params* params, motet_stage** out) {
  signal(SIGUSR1, on_signal);
  return right_create(call, host, params, out);
}
#define CREATE listening
#include "host_stage_tables.h"
