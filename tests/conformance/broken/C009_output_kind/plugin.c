/* C009: a port that says tokens gets a text. */
#include "host_stage.h"
#define OUTPUT_TYPE "tokens"
#include "host_stage_tables.h"
