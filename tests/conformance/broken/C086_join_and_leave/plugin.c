/* C086: believes that of two sequences each has one token in a step, also while one of them brings its prompt. */
#include "generator.h"
static motet_status believes(motet_call* call, const motet_stage* stage, motet_builder* g, const motet_step* step,
                             const motet_tensor* in, uint32_t n_in, motet_tensor* logits) {
  const int64_t two[] = {2};
  motet_step believed = *step;
  if (rows_of(g, step->want) == 2) believed.want = sized(g, "iota/1", 0, two, 1);
  return right_build_step(call, stage, g, &believed, in, n_in, logits);
}
#define BUILD_STEP believes
#include "generator_tables.h"
