/* The tables of a host stage; see host_stage.h. No guard: once a plugin. */
#ifndef PROCESS
#define PROCESS right_process
#endif
#ifndef INPUT_TYPE
#define INPUT_TYPE "text"
#endif
#ifndef OUTPUT_TYPE
#define OUTPUT_TYPE "text"
#endif
#define INPUT_NAME "text"
#define OUTPUT_NAME "text"
#define KIND "text"
#define SUMMARY "Says it louder."
#ifndef EXAMPLE
#define EXAMPLE "loud: {use: " PLUGIN_ID ", with: {times: 2}, in: {text: inputs.text}}"
#endif

#ifndef EXTENSION
#define EXTENSION stage_extension
static const void* stage_extension(const char* id) {
  static const motet_host_stage table = {sizeof table, PROCESS};
  return strcmp(id, "motet.host_stage/1") == 0 ? &table : NULL;
}
#endif

#ifndef PARAMS
#define PARAMS kParams
static const motet_param kParams[] = {
    {sizeof(motet_param), "times", "how many times", MOTET_PARAM_INT, 0, "1", 1, 8, NULL}};
#endif

#include "tables.h"
