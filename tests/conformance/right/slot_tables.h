/* The tables of a stage with a slot; see slot.h. No guard: once a plugin. */
#ifndef BUILD
#define BUILD right_slot_build
#endif
#define FLAGS MOTET_PORT_OPTIONAL /* in a slot its owner gives it */
#define SLOTS kSlots
#define N_SLOTS 1
static const motet_slot_def kSlots[] = {{sizeof(motet_slot_def), "inner", "projector", "adds what it gives", 0, 0}};
#include "tensor_stage_tables.h"
