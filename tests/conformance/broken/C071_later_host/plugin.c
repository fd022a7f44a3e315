/* C071: wants the very version of the contract that it knows. */
#include "host_stage.h"
static motet_status exact(motet_call* call, const motet_host* host, const motet_params* params, motet_stage** out) {
  if (host->struct_size != sizeof *host || host->abi_minor != MOTET_ABI_MINOR)
    return refused(host, call, MOTET_UNSUPPORTED, NULL, "another host");
  return right_create(call, host, params, out);
}
#define CREATE exact
#include "host_stage_tables.h"
