/* C112: without a tokenizer it gives up, and does not say that this is what is missing. */
#include "tokenizer.h"
static motet_status gives_up(motet_call* call, motet_stage* stage, const motet_value* const* inputs, size_t n_inputs,
                             motet_value** outputs, size_t n_outputs) {
  motet_filler filler = {sizeof filler, NULL, NULL};
  if (stage->host->slot(call, "text", &filler) != MOTET_OK)
    return refused(stage->host, call, MOTET_UNSUPPORTED, NULL, "there is nothing to do this with");
  return right_process(call, stage, inputs, n_inputs, outputs, n_outputs);
}
#define PROCESS gives_up
static const motet_slot_def kSlots[] = {{sizeof(motet_slot_def), "text", "tokenizer", "another one", 0, 0}};
#define SLOTS kSlots
#define N_SLOTS 1
#include "tokenizer_tables.h"
