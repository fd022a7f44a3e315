#define _DEFAULT_SOURCE
/* C023: cannot be loaded again. */
#include "host_stage.h"

__attribute__((constructor)) static void counts(void) {
  if (getenv("MOTET_TEST_LOADED") != NULL) abort();
  setenv("MOTET_TEST_LOADED", "1", 1);
}
#include "host_stage_tables.h"
