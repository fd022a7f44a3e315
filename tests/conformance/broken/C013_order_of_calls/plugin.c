/* C013: a stage makes a stage like that in its slot by itself, which only the host may. */
#include "tokenizer.h"
static motet_status makes(motet_call* call, motet_stage* stage, const motet_value* const* inputs, size_t n_inputs,
                          motet_value** outputs, size_t n_outputs) {
  motet_filler filler = {sizeof filler, NULL, NULL};
  if (stage->host->slot(call, "text", &filler) == MOTET_OK) {
    const motet_params none = {sizeof none, 0, NULL};
    motet_stage* made = NULL;
    (void)filler.type->create(call, stage->host, &none, &made);
  }
  return right_process(call, stage, inputs, n_inputs, outputs, n_outputs);
}
#define PROCESS makes
static const motet_slot_def kSlots[] = {{sizeof(motet_slot_def), "text", "tokenizer", "another one", 0, 0}};
#define SLOTS kSlots
#define N_SLOTS 1
#include "tokenizer_tables.h"
