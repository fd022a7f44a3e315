/* C020: a function of its own is for everybody to see. */
#include "host_stage.h"
__attribute__((visibility("default"))) int compress(int level);
int compress(int level) { return level; }
#include "host_stage_tables.h"
