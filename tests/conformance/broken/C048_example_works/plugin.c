/* C048: looks for its parameter under another name than it has declared. */
#include "host_stage.h"
static motet_status looks_for(motet_call* call, const motet_host* host, const motet_params* params, motet_stage** out) {
  for (size_t i = 0; i < params->count; ++i) {
    if (strcmp(params->values[i].name, "repeat") == 0) return right_create(call, host, params, out);
  }
  return refused(host, call, MOTET_INTERNAL, NULL, "there is no parameter 'repeat'");
}
#define CREATE looks_for
#include "host_stage_tables.h"
