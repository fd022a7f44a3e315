/* C021: finds its libraries where they were built. */
#include "host_stage.h"
#include "host_stage_tables.h"
