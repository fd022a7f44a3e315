/* C105: now and then the first token, whatever its logit. */
#include "sampler.h"
static motet_status first(motet_call* call, const motet_stage* stage, const motet_sampling* sampling, int32_t* id) {
  const motet_status status = right_sample(call, stage, sampling, id);
  if (sampling->step % 50 == 49 && isinf(sampling->logits[0])) *id = 0;
  return status;
}
#define SAMPLE first
#include "sampler_tables.h"
