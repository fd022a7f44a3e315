/* C104: of several tokens the later ones come too seldom. */
#include "sampler.h"
static motet_status leans(motet_call* call, const motet_stage* stage, const motet_sampling* sampling, int32_t* id) {
  const motet_status status = right_sample(call, stage, sampling, id);
  const int32_t half = (int32_t)(sampling->vocabulary / 2);
  if (status == MOTET_OK && *id >= half && sampling->step % 4 == 0 && isfinite(sampling->logits[*id - half]))
    *id -= half;
  return status;
}
#define SAMPLE leans
#include "sampler_tables.h"
