/* C041: refuses words that it does not know, and does not say in which parameter. */
#include "host_stage.h"
static motet_status knows_two(motet_call* call, const motet_host* host, const motet_params* params, motet_stage** out) {
  const char* how = params->values->string;
  if (strcmp(how, "loud") != 0 && strcmp(how, "louder") != 0)
    return refused(host, call, MOTET_INVALID_PARAMETER, NULL, "it can be loud or louder, and nothing else");
  return right_create_with(call, host, strcmp(how, "loud") == 0 ? 1 : 2, out);
}
#define CREATE knows_two
static const motet_param kHow[] = {
    {sizeof(motet_param), "how", "loud or louder", MOTET_PARAM_STRING, 0, "loud", -INFINITY, INFINITY, NULL}};
#define PARAMS kHow
#define EXAMPLE ""
#include "host_stage_tables.h"
