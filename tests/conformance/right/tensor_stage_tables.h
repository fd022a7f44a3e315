/* The tables of a tensor stage; see tensor_stage.h. No guard: once a plugin. */
#ifndef BUILD
#define BUILD right_build
#endif
#ifndef NEGOTIATE
#define NEGOTIATE right_negotiate
#endif
#ifndef INPUT_TYPE
#define INPUT_TYPE "f32[..., D]"
#endif
#ifndef OUTPUT_TYPE
#define OUTPUT_TYPE "f32[..., E]"
#endif
#define INPUT_NAME "x"
#define OUTPUT_NAME "y"
#define KIND "projector"
#define SUMMARY "Maps features into another space."

#ifndef EXTENSION
#define EXTENSION stage_extension
static const void* stage_extension(const char* id) {
  static const motet_tensor_stage table = {sizeof table, BUILD};
  return strcmp(id, "motet.tensor_stage/1") == 0 ? &table : NULL;
}
#endif

#include "tables.h"
