/* The stage of tensor_stage.h as it stands. */
#include "tensor_stage.h"
#include "tensor_stage_tables.h"
