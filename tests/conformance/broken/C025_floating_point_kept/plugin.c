/* C025: rounds up from the moment on that it is loaded. */
#include "host_stage.h"

#include <fenv.h>
__attribute__((constructor)) static void rounds_up(void) { fesetround(FE_UPWARD); }
#include "host_stage_tables.h"
