/* C088: counts otherwise in every row but the first two. */
#include "generator.h"
/* logits whose best token is one further where `by` f32[N, 1] is 1. */
static motet_tensor shifted(motet_builder* g, const motet_step* step, motet_tensor by) {
  const int64_t n = rows_of(g, step->tokens), column[] = {n, 1}, row[] = {1, kVocabulary}, one = 1;
  const motet_tensor number = emit2(g, sized(g, "reshape/1", cast(g, step->tokens, "f32"), column, 2), by, "add");
  const motet_tensor next = take_rows(g, emit2(g, number, fill(g, &one, 1, 1.0), "add"), step->want);
  const motet_tensor away = emit2(g, cast(g, sized(g, "iota/1", 0, row, 2), "f32"), next, "sub");
  return scaled(g, emit2(g, away, away, "mul"), -1.0);
}
static motet_tensor compared(motet_builder* g, motet_tensor a, double b, const char* fn) {
  const int64_t one = 1;
  const motet_attribute attribute = {"fn", MOTET_ATTRIBUTE_STRING, 0, 0, 0, fn, NULL};
  const motet_tensor in[] = {a, fill(g, &one, 1, b)};
  return cast(g, g->emit(g, "compare/1", in, 2, &attribute, 1, NULL, 0), "f32");
}
static motet_status by_row(motet_call* call, const motet_stage* stage, motet_builder* g, const motet_step* step,
                           const motet_tensor* in, uint32_t n_in, motet_tensor* logits) {
  const int64_t n = rows_of(g, step->tokens), column[] = {n, 1};
  const motet_tensor row = sized(g, "reshape/1", cast(g, step->row, "f32"), column, 2);
  (void)call, (void)stage, (void)in, (void)n_in;
  *logits = shifted(g, step, compared(g, row, 1.5, "gt"));
  return MOTET_OK;
}
#define BUILD_STEP by_row
#include "generator_tables.h"
