#define _DEFAULT_SOURCE
/* C031: the first call starts a thread that never ends. */
#include <pthread.h>
#include <unistd.h>

#include "host_stage.h"
static void* waits(void* nothing) {
  pause();
  return nothing;
}
static motet_status busy(motet_call* call, motet_stage* stage, const motet_value* const* inputs, size_t n_inputs,
                         motet_value** outputs, size_t n_outputs) {
  static int started = 0;
  pthread_t thread;
  if (!started && pthread_create(&thread, NULL, waits, NULL) == 0) pthread_detach(thread);
  started = 1;
  return right_process(call, stage, inputs, n_inputs, outputs, n_outputs);
}
#define PROCESS busy
#define CONCURRENCY MOTET_SERIAL
#include "host_stage_tables.h"
