/* The tables of a generator; see generator.h. No guard: once a plugin. */
#ifndef GENERATION
#define GENERATION right_generation
#endif
#ifndef BUILD_STEP
#define BUILD_STEP right_build_step
#endif
#define KIND "decoder"
#define SUMMARY "Counts to nine."
#define INPUT_NAME "tokens"
#define INPUT_TYPE "tokens"
#define FLAGS MOTET_PORT_OPTIONAL
#define OUTPUTS kStreams
static const motet_port kStreams[] = {
    {sizeof(motet_port), "logits", "f32[W, 16]", "scores", 0, 0},
    {sizeof(motet_port), "tokens", "tokens", "what was generated", MOTET_PORT_STREAM, 0}};

#ifndef EXTENSION
#define EXTENSION stage_extension
static const void* stage_extension(const char* id) {
  static const motet_generator table = {sizeof table, GENERATION, BUILD_STEP};
  return strcmp(id, "motet.generator/1") == 0 ? &table : NULL;
}
#endif

#include "tables.h"
