/* C004: two parameters of one name. */
#include "host_stage.h"
static const motet_param kTwice[] = {
    {sizeof(motet_param), "times", "how many times", MOTET_PARAM_INT, 0, "1", 1, 8, NULL},
    {sizeof(motet_param), "times", "how many times", MOTET_PARAM_INT, 0, "1", 1, 8, NULL}};
#define PARAMS kTwice
#include "host_stage_tables.h"
