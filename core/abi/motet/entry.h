/* The one symbol that a plugin exports, and it is data: the loader reads the versions before it calls anything.
 *
 *   MOTET_EXPORT const motet_plugin_entry motet_plugin = {sizeof(motet_plugin_entry), MOTET_ABI_MAJOR, ...};
 */
#ifndef MOTET_ENTRY_H
#define MOTET_ENTRY_H

#include "operation.h"
#include "version.h"

#if defined(__cplusplus)
#define MOTET_EXPORT extern "C" __attribute__((visibility("default")))
#else
#define MOTET_EXPORT __attribute__((visibility("default")))
#endif

#define MOTET_PLUGIN_SYMBOL "motet_plugin"

typedef struct motet_plugin_entry {
  size_t struct_size;
  uint32_t abi_major; /* the version it was built against */
  uint32_t abi_minor;
  const char* id;      /* "transformer": [a-z0-9_-]+ */
  const char* version; /* "1.0.0" */
  /* The table of a factory by id, NULL where there is none. [any thread, after load] */
  const void* (*get_factory)(const char* id);
} motet_plugin_entry;

/* "motet.stage_types/1" */
typedef struct motet_stage_types {
  size_t struct_size;
  uint32_t count;
  uint32_t reserved;
  const motet_stage_type* const* types;
} motet_stage_types;

#endif
