/* What the tables of all stages of this folder have; see host_stage.h. No guard: once a plugin. */
#ifndef CREATE
#define CREATE right_create
#endif
#ifndef DESTROY
#define DESTROY right_destroy
#endif
#ifndef NEGOTIATE
#define NEGOTIATE NULL
#endif
#ifndef CONCURRENCY
#define CONCURRENCY MOTET_PARALLEL
#endif
#ifndef DETERMINISM
#define DETERMINISM MOTET_PURE
#endif

#ifndef FLAGS
#define FLAGS 0
#endif
#ifndef EXAMPLE
#define EXAMPLE ""
#endif
#ifndef SLOTS
#define SLOTS NULL
#define N_SLOTS 0
#endif
#ifndef INPUTS
#define INPUTS kInputs
static const motet_port kInputs[] = {{sizeof(motet_port), INPUT_NAME, INPUT_TYPE, "what comes in", FLAGS, 0}};
#endif
#ifndef N_INPUTS
#define N_INPUTS (sizeof INPUTS / sizeof(motet_port))
#endif
#ifndef OUTPUTS
#define OUTPUTS kOutputs
static const motet_port kOutputs[] = {{sizeof(motet_port), OUTPUT_NAME, OUTPUT_TYPE, "what comes out", 0, 0}};
#endif
#ifndef N_OUTPUTS
#define N_OUTPUTS (sizeof OUTPUTS / sizeof(motet_port))
#endif
#ifndef PARAMS
#define PARAMS NULL
#define N_PARAMS 0
#endif
#ifndef N_PARAMS
#define N_PARAMS (sizeof PARAMS / sizeof(motet_param))
#endif

static const motet_stage_type kType = {sizeof(motet_stage_type),
                                       PLUGIN_ID,
                                       KIND,
                                       SUMMARY,
                                       EXAMPLE,
                                       INPUTS,
                                       OUTPUTS,
                                       PARAMS,
                                       SLOTS,
                                       N_INPUTS,
                                       N_OUTPUTS,
                                       N_PARAMS,
                                       N_SLOTS,
                                       CONCURRENCY,
                                       DETERMINISM,
                                       CREATE,
                                       DESTROY,
                                       NEGOTIATE,
                                       EXTENSION};

#ifndef OPERATIONS
#define OPERATIONS NULL
#endif
#ifndef FACTORY
#define FACTORY right_factory
static const void* right_factory(const char* id) {
  static const motet_stage_type* const types[] = {&kType};
  static const motet_stage_types table = {sizeof table, 1, 0, types};
  if (strcmp(id, "motet.operations/1") == 0) return OPERATIONS;
  return strcmp(id, "motet.stage_types/1") == 0 ? &table : NULL;
}
#endif
#ifndef MAJOR
#define MAJOR MOTET_ABI_MAJOR
#endif
#ifndef ENTRY_NAME
#define ENTRY_NAME motet_plugin
#endif

MOTET_EXPORT const motet_plugin_entry ENTRY_NAME = {
    sizeof(motet_plugin_entry), MAJOR, MOTET_ABI_MINOR, PLUGIN_ID, "1.0.0", FACTORY};
