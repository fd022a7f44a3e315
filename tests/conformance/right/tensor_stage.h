/* A tensor stage that keeps every rule: y = x W^T * 0.5, W (E, D) a weight. Used as host_stage.h says, with
 * tensor_stage_tables.h. */
#ifndef CONFORMANCE_TENSOR_STAGE_H
#define CONFORMANCE_TENSOR_STAGE_H

#include "base.h"

static inline motet_tensor emit1(motet_builder* g, const char* op, motet_tensor x, const char* fn) {
  const motet_attribute attribute = {"fn", MOTET_ATTRIBUTE_STRING, 0, 0, 0, fn, NULL};
  return g->emit(g, op, &x, 1, &attribute, fn == NULL ? 0 : 1, NULL, 0);
}
static inline motet_tensor emit2(motet_builder* g, motet_tensor a, motet_tensor b, const char* fn) {
  const motet_tensor in[] = {a, b};
  const motet_attribute attribute = {"fn", MOTET_ATTRIBUTE_STRING, 0, 0, 0, fn, NULL};
  return g->emit(g, "binary/1", in, 2, &attribute, 1, NULL, 0);
}
static inline motet_tensor fill(motet_builder* g, const int64_t* sizes, uint32_t rank, double value) {
  const motet_attribute attributes[] = {{"shape", MOTET_ATTRIBUTE_INTEGERS, rank, 0, 0, NULL, sizes},
                                        {"value", MOTET_ATTRIBUTE_NUMBER, 0, 0, value, NULL, NULL}};
  return g->emit(g, "fill/1", NULL, 0, attributes, 2, NULL, 0);
}
static inline motet_tensor scaled(motet_builder* g, motet_tensor x, double by) {
  const int64_t one = 1;
  return emit2(g, x, fill(g, &one, 1, by), "mul");
}
static inline motet_tensor linear(motet_builder* g, motet_tensor x, const char* weight) { /* x W^T */
  const motet_tensor in[] = {x, g->weight(g, weight)};
  const motet_attribute transposed = {"transpose_b", MOTET_ATTRIBUTE_INTEGER, 0, 1, 0, NULL, NULL};
  return g->emit(g, "matmul/1", in, 2, &transposed, 1, NULL, 0);
}

static inline motet_status declare(motet_call* call, const motet_host* host, const char* name, motet_dim rows,
                                   motet_dim columns, motet_tensor_spec* bound) {
  motet_weight_request request = {sizeof request, name, 2, 0, {rows, columns}, NULL};
  motet_status status;
  bound->struct_size = sizeof *bound;
  status = host->declare_weight(call, &request, bound);
  return status == MOTET_OK ? status : refused(host, call, status, "weights.map", host->last_error(call));
}

static inline motet_status right_negotiate(motet_call* call, motet_stage* stage, motet_negotiation* negotiation) {
  const motet_host* host = stage->host;
  const motet_tensor_spec* x = negotiation->inputs;
  motet_tensor_spec map;
  motet_dim d = {-1, host->fresh_symbol(call), 0}, e = {-1, host->fresh_symbol(call), 0};
  motet_status status;
  if (x->dtype != MOTET_NONE && x->rank > 0) d = x->dims[x->rank - 1];
  status = declare(call, host, "map", e, d, &map);
  if (status != MOTET_OK || x->dtype == MOTET_NONE || x->rank == 0) return status;
  if (map.rank == 2) e = map.dims[0];
  negotiation->outputs->dtype = MOTET_F32;
  negotiation->outputs->rank = x->rank;
  memcpy(negotiation->outputs->dims, x->dims, sizeof x->dims);
  negotiation->outputs->dims[x->rank - 1] = e;
  return MOTET_OK;
}

static inline motet_status right_build(motet_call* call, const motet_stage* stage, motet_builder* g,
                                       const motet_tensor* in, uint32_t n_in, motet_tensor* out, uint32_t n_out) {
  (void)call, (void)stage, (void)n_in, (void)n_out;
  out[0] = scaled(g, linear(g, in[0], "map"), 0.5);
  return MOTET_OK;
}

#endif
