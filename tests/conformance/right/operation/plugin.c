/* The operation and the stage of operation.h as they stand. */
#include "operation.h"
#include "operation_tables.h"
