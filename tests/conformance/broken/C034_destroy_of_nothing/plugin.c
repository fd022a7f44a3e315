/* C034: destroy looks into what it is given. */
#include "host_stage.h"
static void looks(motet_stage* stage) {
  if (stage->times >= 0) free(stage);
}
#define DESTROY looks
#include "host_stage_tables.h"
