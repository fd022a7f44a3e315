/* The tables of a sampler; see sampler.h. No guard: once a plugin. */
#ifndef SAMPLE
#define SAMPLE right_sample
#endif
#ifndef GREEDY
#define GREEDY right_greedy
#endif
#ifndef DETERMINISM
#define DETERMINISM MOTET_SEEDED
#endif
#define INPUTS NULL
#define N_INPUTS 0
#define OUTPUTS NULL
#define N_OUTPUTS 0
#define KIND "sampler"
#define SUMMARY "A token with its probability."

#ifndef PARAMS
#define PARAMS kParams
static const motet_param kParams[] = {
    {sizeof(motet_param), "seed", "of the random numbers", MOTET_PARAM_INT, 0, "0", 0, 1 << 30, NULL}};
#endif

#ifndef EXTENSION
#define EXTENSION stage_extension
static const void* stage_extension(const char* id) {
  static const motet_sampler table = {sizeof table, GREEDY, SAMPLE};
  return strcmp(id, "motet.sampler/1") == 0 ? &table : NULL;
}
#endif

#include "tables.h"
