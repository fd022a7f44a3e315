/* C042: a default above the largest value. */
#include "host_stage.h"
static const motet_param kTooMuch[] = {
    {sizeof(motet_param), "times", "how many times", MOTET_PARAM_INT, 0, "9", 1, 8, NULL}};
#define PARAMS kTooMuch
#include "host_stage_tables.h"
