/* C002: built against a contract that this Motet does not know. */
#define MAJOR 99
#include "host_stage.h"
#include "host_stage_tables.h"
