/* The stage of slot.h as it stands. */
#include "slot.h"
#include "slot_tables.h"
