/* C003: the library is right; the manifest beside it, which the build finds in this folder, names another default. */
#include "host_stage.h"
#include "host_stage_tables.h"
