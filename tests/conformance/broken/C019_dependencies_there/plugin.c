/* C019: calls a function that no library has. */
#include "host_stage.h"
extern int of_a_library_that_is_missing(void);
__attribute__((used)) static int calls(void) { return of_a_library_that_is_missing(); }
#include "host_stage_tables.h"
