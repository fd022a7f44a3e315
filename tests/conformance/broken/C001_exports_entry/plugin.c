/* C001: what is exported has another name. */
#define ENTRY_NAME motet_plugins
#include "host_stage.h"
#include "host_stage_tables.h"
