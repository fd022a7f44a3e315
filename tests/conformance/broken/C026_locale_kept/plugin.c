/* C026: sets a locale of its own, to write numbers as it likes. */
#include <locale.h>

#include "host_stage.h"
static motet_status localised(motet_call* call, const motet_host* host, const motet_params* params, motet_stage** out) {
  setlocale(LC_NUMERIC, "C.UTF-8");
  return right_create(call, host, params, out);
}
#define CREATE localised
#include "host_stage_tables.h"
