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

/* Numbers like [C017], here and in the other headers, are the rules that a plugin keeps. `motet explain C017` tells of
 * one, `motet plugin verify` tries them.
 *
 * Of the library: the symbol [C001] and no other [C020], versions [C002], a manifest that agrees [C003], well-formed
 * tables [C004], all that it needs beside it [C019], found elsewhere than where it was built [C021], memory that is
 * either written or executed [C022]; it can be loaded again [C023]. Of the pipelines that come with it: their tests
 * pass [C120].
 *
 * The process belongs to everybody: loading the library and every call leave it as it was, floating-point control
 * [C025], locale [C026], signals [C027], working directory [C028] and the standard streams [C029]; files and threads of
 * an instance end with it [C030] [C031]. No exception leaves a function [C005]. Instances know nothing of each other
 * [C035]. What a pure or seeded stage gives for an item depends on the item and the parameters alone: given again
 * [C060], others [C061], a failure [C062] or a cancellation [C063] between. A
 * host function that fails is noticed, in calls [C067] and in create and negotiate [C068], and what was taken until
 * then freed [C069]. Without weights, offers and fillers a stage works or refuses [C070]. Refusals are sentences [C106]
 * that name what is there [C107], and leave the next instance as good as the first [C108].
 *
 * Items are as the world has them: odd texts [C073], nothing at all [C074], megabytes [C075], thousands [C076]. What a
 * tensor stage declares it builds at all sizes [C046], with numbers as with symbols [C047], beside other stages [C049],
 * the same each time [C080]; of finite numbers come finite ones [C081], on any device the same [C082], an item knows
 * nothing of its neighbours in a batch [C083], and weights that are declared are read [C084], as a generator's states
 * are [C085]. Its prompt may come at once or one by one [C087], its rows know nothing of each other [C088], whoever
 * joins or leaves [C086], and generation() always says the same [C089]. Operations of the plugin's own are well-formed
 * [C090], answer with shapes [C091], are pure [C092], set what they are asked for [C093], finite [C094], at the cost
 * that they say [C095]; their GLSL compiles [C096] and computes the same [C097]. */

#endif
