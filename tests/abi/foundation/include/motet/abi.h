/* The whole plugin contract: C11, only libc. Start reading at entry.h. */
#ifndef MOTET_ABI_H
#define MOTET_ABI_H

#include "builder.h"
#include "entry.h"
#include "host.h"
#include "stage.h"
#include "status.h"
#include "tensor_spec.h"
#include "value.h"
#include "version.h"

#endif
