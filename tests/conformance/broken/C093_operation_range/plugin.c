/* C093: writes four elements at a time, also where less are left. */
#include "operation.h"
static motet_status in_fours(const motet_use* use, uint32_t output, int64_t begin, int64_t end, void* to) {
  float four[4] = {0, 0, 0, 0};
  for (int64_t i = begin; i < end; i += 4) {
    const motet_status status = right_compute(use, output, i, least(i + 4, end), four);
    if (status != MOTET_OK) return status;
    memcpy((float*)to + (i - begin), four, sizeof four);
  }
  return MOTET_OK;
}
#define COMPUTE in_fours
#include "operation_tables.h"
