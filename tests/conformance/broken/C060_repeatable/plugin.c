/* C060: the sixteenth call for the same item says it once more. */
#include "host_stage.h"
static uint64_t sum_of(motet_call* call, motet_stage* stage, const motet_value* value) { /* FNV-1a */
  motet_text_view text = {sizeof text, NULL, 0};
  uint64_t sum = 0xcbf29ce484222325u;
  if (stage->host->value_view(call, value, MOTET_VALUE_TEXT, &text) != MOTET_OK) return 0;
  for (size_t i = 0; i < text.size_bytes; ++i) sum = (sum ^ (unsigned char)text.data[i]) * 0x100000001b3u;
  return sum;
}
struct Memory {
  uint64_t last;
  int count;
};
static motet_status makes(motet_call* call, const motet_host* host, const motet_params* params, motet_stage** out) {
  const motet_status status = right_create(call, host, params, out);
  if (status == MOTET_OK) (*out)->own = calloc(1, sizeof(struct Memory));
  return status;
}
static void frees(motet_stage* stage) {
  if (stage != NULL) free(stage->own);
  free(stage);
}
#define CREATE makes
#define DESTROY frees
#define CONCURRENCY MOTET_SERIAL
static motet_status remembers(motet_call* call, motet_stage* stage, const motet_value* const* inputs, size_t n_inputs,
                              motet_value** outputs, size_t n_outputs) {
  struct Memory* memory = (struct Memory*)stage->own;
  const uint64_t sum = sum_of(call, stage, inputs[0]);
  const int64_t times = stage->times;
  motet_status status;
  if (sum == memory->last && ++memory->count == 15) stage->times += 1;
  status = right_process(call, stage, inputs, n_inputs, outputs, n_outputs);
  stage->times = times;
  if (sum != memory->last) memory->count = 0;
  memory->last = sum;
  return status;
}
#define PROCESS remembers
#include "host_stage_tables.h"
