/* C036: destroy believes that there was a negotiate. */
#include "host_stage.h"
static motet_status remembers(motet_call* call, motet_stage* stage, motet_negotiation* negotiation) {
  (void)call, (void)negotiation;
  if (stage->own == NULL) stage->own = calloc(1, 1);
  return stage->own != NULL ? MOTET_OK : refused(stage->host, call, MOTET_OUT_OF_MEMORY, NULL, "out of memory");
}
static void believes(motet_stage* stage) {
  if (stage == NULL) return;
  *(volatile char*)stage->own = 1;
  free(stage->own);
  free(stage);
}
#define NEGOTIATE remembers
#define DESTROY believes
#include "host_stage_tables.h"
