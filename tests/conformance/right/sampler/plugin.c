/* The stage of sampler.h as it stands. */
#include "sampler.h"
#include "sampler_tables.h"
