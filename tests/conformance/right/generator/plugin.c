/* The stage of generator.h as it stands. */
#include "generator.h"
#include "generator_tables.h"
