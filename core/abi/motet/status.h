/* What a call across the border returns. Anything but MOTET_OK wants a host->fail() that says why [C006]. */
#ifndef MOTET_STATUS_H
#define MOTET_STATUS_H

#include <stddef.h>
#include <stdint.h>

typedef int32_t motet_status;

enum {
  MOTET_OK = 0,
  MOTET_INVALID_PARAMETER = 1, /* the pipeline's author must change a parameter, port or weight: a diagnostic */
  MOTET_INVALID_ITEM = 2,      /* this item cannot be processed; others may */
  MOTET_UNSUPPORTED = 3,       /* well-formed, but this plugin cannot do it */
  MOTET_IO = 4,                /* a file could not be read or written */
  MOTET_OUT_OF_MEMORY = 5,
  MOTET_CANCELLED = 6,   /* should_cancel() was true and the call gave up */
  MOTET_WRONG_ORDER = 7, /* a call that the lifecycle does not allow here */
  MOTET_INTERNAL = 8     /* the callee has a defect */
};

#endif
