/* C022: has bytes that can be written and executed. */
#include "host_stage.h"
__attribute__((section(".writable_code,\"awx\",@progbits#"), used)) static char code[16] = {1};
#include "host_stage_tables.h"
