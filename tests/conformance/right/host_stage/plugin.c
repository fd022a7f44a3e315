/* The host stage of host_stage.h as it stands. */
#include "host_stage.h"
#include "host_stage_tables.h"
