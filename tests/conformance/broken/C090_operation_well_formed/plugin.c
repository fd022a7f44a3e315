/* C090: a name without a dot, as Motet's own have. */
#include "operation.h"
#define OPERATION_ID "mean/1"
#include "operation_tables.h"
