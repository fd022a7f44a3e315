/* C044: a parameter that may be absent is measured without a look whether it is there. */
#include "host_stage.h"
static motet_status measures(motet_call* call, const motet_host* host, const motet_params* params, motet_stage** out) {
  return right_create_with(call, host, strlen(params->values->string) > 4 ? 2 : 1, out);
}
#define CREATE measures
static const motet_param kMark[] = {
    {sizeof(motet_param), "mark", "what to say", MOTET_PARAM_STRING, 0, NULL, -INFINITY, INFINITY, NULL}};
#define PARAMS kMark
#define EXAMPLE "loud: {use: " PLUGIN_ID ", with: {mark: loud}, in: {text: inputs.text}}"
#include "host_stage_tables.h"
