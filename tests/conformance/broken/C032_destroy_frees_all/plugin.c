/* C032: what create takes for itself destroy forgets. */
#include "host_stage.h"
static motet_status takes(motet_call* call, const motet_host* host, const motet_params* params, motet_stage** out) {
  const motet_status status = right_create(call, host, params, out);
  if (status == MOTET_OK) (*out)->own = malloc(100);
  return status;
}
#define CREATE takes
#include "host_stage_tables.h"
