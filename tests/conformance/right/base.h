/* What the stages of this folder share. */
#ifndef CONFORMANCE_BASE_H
#define CONFORMANCE_BASE_H

#include <motet/abi.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct motet_stage { /* one instance */
  const motet_host* host;
  int64_t times; /* of stages that have this parameter */
  void* own;     /* of a plugin that needs more */
};

/* A failure of the host's, handed on. */
static inline motet_status handed_on(const motet_host* host, motet_call* call, motet_status status) {
  const char* why = host->last_error(call);
  host->fail(call, status, NULL, *why != '\0' ? why : "the host failed and does not say why");
  return status;
}

/* One refusal, said aloud. */
static inline motet_status refused(const motet_host* host, motet_call* call, motet_status status, const char* path,
                                   const char* message) {
  host->fail(call, status, path, message);
  return status;
}

static inline motet_status right_create_with(motet_call* call, const motet_host* host, int64_t times,
                                             motet_stage** out) {
  motet_stage* stage = (motet_stage*)calloc(1, sizeof *stage);
  if (stage == NULL) return refused(host, call, MOTET_OUT_OF_MEMORY, NULL, "out of memory");
  stage->host = host;
  stage->times = times;
  *out = stage;
  return MOTET_OK;
}

static inline motet_status right_create(motet_call* call, const motet_host* host, const motet_params* params,
                                        motet_stage** out) {
  return right_create_with(call, host, params->count == 0 ? 1 : params->values->integer, out);
}

static inline void right_destroy(motet_stage* stage) { free(stage); }

#endif
