/* A generator that keeps every rule: after token t comes most likely t + 1 of 16, less so where the tokens before were
 * large, which one head of attention over a state knows; 9 ends a sequence. Used as host_stage.h says, with
 * generator_tables.h. */
#ifndef CONFORMANCE_GENERATOR_H
#define CONFORMANCE_GENERATOR_H

#include "tensor_stage.h"

enum { kVocabulary = 16 };

static inline motet_tensor sized(motet_builder* g, const char* op, motet_tensor x, const int64_t* sizes,
                                 uint32_t rank) {
  const motet_attribute shape = {"shape", MOTET_ATTRIBUTE_INTEGERS, rank, 0, 0, NULL, sizes};
  return g->emit(g, op, &x, x == 0 ? 0 : 1, &shape, 1, NULL, 0);
}
static inline motet_tensor cast(motet_builder* g, motet_tensor x, const char* dtype) {
  const motet_attribute attribute = {"dtype", MOTET_ATTRIBUTE_STRING, 0, 0, 0, dtype, NULL};
  return g->emit(g, "cast/1", &x, 1, &attribute, 1, NULL, 0);
}
static inline motet_tensor take_rows(motet_builder* g, motet_tensor x, motet_tensor index) {
  const motet_tensor in[] = {x, index};
  return g->emit(g, "take_rows/1", in, 2, NULL, 0, NULL, 0);
}
static inline int64_t rows_of(motet_builder* g, motet_tensor x) {
  motet_tensor_spec spec = {0};
  spec.struct_size = sizeof spec;
  return g->spec_of(g, x, &spec) == MOTET_OK ? spec.dims[0].size : 0;
}

/* The mean of the sequence's tokens so far, f32[N, 2]: keys are 0, so all weigh the same. */
static inline motet_tensor history(motet_builder* g, const motet_step* step, const char* state_name,
                                   motet_tensor value) {
  const int64_t n = rows_of(g, step->tokens), head_sizes[] = {1, 2}, heads[] = {n, 1, 2}, flat[] = {n, 2};
  const motet_tensor values = sized(g, "reshape/1", value, heads, 3), keys = scaled(g, values, 0.0);
  const motet_tensor past = g->state(g, state_name, MOTET_STATE_APPEND, head_sizes, 2);
  const motet_tensor in[] = {keys, keys, values, past, step->row, step->positions};
  return sized(g, "reshape/1", g->emit(g, "attention/1", in, 6, NULL, 0, NULL, 0), flat, 2);
}

static inline motet_status right_generation(motet_call* call, const motet_stage* stage, motet_generation* out) {
  static const int32_t stop[] = {9};
  (void)call, (void)stage;
  out->start = 1;
  out->n_stop = 1;
  out->stop = stop;
  out->vocabulary = kVocabulary;
  out->max_positions = 600;
  out->max_tokens = 12;
  return MOTET_OK;
}

/* logits[w, v] = -(v - t - 1)^2 - mean / 1000, t the token of w. */
static inline motet_tensor scores(motet_builder* g, const motet_step* step, motet_tensor mean) {
  const int64_t n = rows_of(g, step->tokens), column[] = {n, 1}, row[] = {1, kVocabulary}, one = 1;
  const motet_tensor number = sized(g, "reshape/1", cast(g, step->tokens, "f32"), column, 2);
  const motet_tensor next = take_rows(g, emit2(g, number, fill(g, &one, 1, 1.0), "add"), step->want);
  const motet_tensor away = emit2(g, cast(g, sized(g, "iota/1", 0, row, 2), "f32"), next, "sub");
  const motet_attribute first[] = {{"axis", MOTET_ATTRIBUTE_INTEGER, 0, 1, 0, NULL, NULL},
                                   {"begin", MOTET_ATTRIBUTE_INTEGER, 0, 0, 0, NULL, NULL},
                                   {"end", MOTET_ATTRIBUTE_INTEGER, 0, 1, 0, NULL, NULL}};
  const motet_tensor wanted = take_rows(g, mean, step->want);
  const motet_tensor said = scaled(g, g->emit(g, "slice/1", &wanted, 1, first, 3, NULL, 0), 0.001);
  return scaled(g, emit2(g, emit2(g, away, away, "mul"), said, "add"), -1.0);
}

static inline motet_tensor both_of(motet_builder* g, const motet_step* step) { /* f32[N, 2] of the tokens' numbers */
  const int64_t n = rows_of(g, step->tokens), column[] = {n, 1}, two[] = {n, 2};
  return sized(g, "expand/1", sized(g, "reshape/1", cast(g, step->tokens, "f32"), column, 2), two, 2);
}

static inline motet_status right_build_step(motet_call* call, const motet_stage* stage, motet_builder* g,
                                            const motet_step* step, const motet_tensor* in, uint32_t n_in,
                                            motet_tensor* logits) {
  (void)call, (void)stage, (void)in, (void)n_in;
  *logits = scores(g, step, history(g, step, "past", both_of(g, step)));
  return MOTET_OK;
}

#endif
