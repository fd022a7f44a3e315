/* C030: opens a file with every instance and never closes it. */
#include <fcntl.h>

#include "host_stage.h"
static motet_status opens(motet_call* call, const motet_host* host, const motet_params* params, motet_stage** out) {
  if (open("/dev/null", O_RDONLY) < 0) return refused(host, call, MOTET_IO, NULL, "there is no /dev/null");
  return right_create(call, host, params, out);
}
#define CREATE opens
#include "host_stage_tables.h"
