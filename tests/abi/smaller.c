/* A plugin against the present headers that says of its structs that they end earlier, as one built against an older
 * minor version would: neither side may read or write beyond. */
#include <motet/abi.h>

#include <stdlib.h>
#include <string.h>

struct motet_stage {
  const motet_host* host;
};

static motet_status create(motet_call* call, const motet_host* host, const motet_params* params, motet_stage** out) {
  (void)params;
  *out = calloc(1, sizeof **out);
  if (*out == NULL) {
    host->fail(call, MOTET_OUT_OF_MEMORY, NULL, "out of memory");
    return MOTET_OUT_OF_MEMORY;
  }
  (*out)->host = host;
  return MOTET_OK;
}

static void destroy(motet_stage* stage) { free(stage); }

/* Text to tokens. What lies behind the struct's end is rubbish that must not be read. */
static motet_status tokens(motet_call* call, motet_stage* stage, const motet_value* const* inputs, size_t n_inputs,
                           motet_value** outputs, size_t n_outputs) {
  static const int32_t ids[] = {1, 2, 3};
  motet_tokens_view view;
  (void)inputs, (void)n_inputs, (void)n_outputs;
  memset(&view, 0x5A, sizeof view);
  view.struct_size = offsetof(motet_tokens_view, feature);
  view.ids = ids;
  view.count = 3;
  const motet_status status = stage->host->value_new(call, MOTET_VALUE_TOKENS, &view, outputs);
  if (status != MOTET_OK) stage->host->fail(call, status, NULL, stage->host->last_error(call));
  return status;
}

/* Tokens to a tensor f32[N]. What lies behind the struct's end is ours and must not be written. */
static motet_status values(motet_call* call, motet_stage* stage, const motet_value* const* inputs, size_t n_inputs,
                           motet_value** outputs, size_t n_outputs) {
  motet_tokens_view view;
  void* data = NULL;
  (void)n_inputs, (void)n_outputs;
  memset(&view, 0x5A, sizeof view);
  view.struct_size = offsetof(motet_tokens_view, feature);
  motet_tokens_view before = view;
  motet_status status = stage->host->value_view(call, inputs[0], MOTET_VALUE_TOKENS, &view);
  if (status == MOTET_OK && memcmp(&view.feature, &before.feature, sizeof view - view.struct_size) != 0) {
    stage->host->fail(call, MOTET_INTERNAL, NULL, "the host wrote behind the end of a struct");
    return MOTET_INTERNAL;
  }
  const int64_t size = (int64_t)view.count;
  if (status == MOTET_OK) status = stage->host->tensor_new(call, MOTET_F32, 1, &size, &data, outputs);
  if (status != MOTET_OK) {
    stage->host->fail(call, status, NULL, stage->host->last_error(call));
    return status;
  }
  for (int64_t i = 0; i < size; ++i) ((float*)data)[i] = (float)view.ids[i];
  return MOTET_OK;
}

static motet_status build(motet_call* call, const motet_stage* stage, motet_builder* g, const motet_tensor* in,
                          uint32_t n_in, motet_tensor* out, uint32_t n_out) {
  (void)call, (void)stage, (void)n_out;
  if (!g->has_op(g, "smaller.twice/1")) g->fail(g, "there is no smaller.twice/1");
  out[0] = g->emit(g, "smaller.twice/1", in, n_in, NULL, 0, NULL, 0);
  return MOTET_OK;
}

static motet_status twice(const motet_use* use, uint32_t output, int64_t begin, int64_t end, void* to) {
  const float* x = use->inputs[0]->data;
  (void)output;
  for (int64_t i = begin; i < end; ++i) ((float*)to)[i - begin] = 2 * x[i];
  return MOTET_OK;
}

/* Its table ends before `cost`; what follows is no function. */
static const motet_operand kX = {sizeof(motet_operand), "x", "", MOTET_F32, 0};
static const motet_operand kY = {sizeof(motet_operand), "y", "", MOTET_F32, 0};
static const struct {
  motet_operation operation;
  const char* behind;
} kTwice = {{.struct_size = offsetof(motet_operation, cost),
             .id = "smaller.twice/1",
             .summary = "y = 2 x",
             .inputs = &kX,
             .outputs = &kY,
             .n_inputs = 1,
             .n_outputs = 1,
             .glsl = "float y_at(uint i) { return 2.0 * x_at(i); }",
             .compute = twice,
             .cost = (int64_t (*)(const motet_use*, uint32_t))(uintptr_t)16},
            "rubbish"};

static const void* tokens_extension(const char* id) {
  static const motet_host_stage table = {sizeof table, tokens};
  return strcmp(id, "motet.host_stage/1") == 0 ? &table : NULL;
}
static const void* values_extension(const char* id) {
  static const motet_host_stage table = {sizeof table, values};
  return strcmp(id, "motet.host_stage/1") == 0 ? &table : NULL;
}
static const void* twice_extension(const char* id) {
  static const motet_tensor_stage table = {sizeof table, build};
  return strcmp(id, "motet.tensor_stage/1") == 0 ? &table : NULL;
}

static const motet_port kTextPort = {sizeof(motet_port), "text", "text", "", 0, 0};
static const motet_port kTokensPort = {sizeof(motet_port), "tokens", "tokens", "", 0, 0};
static const motet_port kXPort = {sizeof(motet_port), "x", "f32[..., N]", "", 0, 0};
static const motet_port kValuesPort = {sizeof(motet_port), "values", "f32[N]", "", 0, 0};
static const motet_port kYPort = {sizeof(motet_port), "y", "f32[..., N]", "", 0, 0};

#define STAGE(name, in, out, ask)           \
  {.struct_size = sizeof(motet_stage_type), \
   .id = (name),                            \
   .kind = "test",                          \
   .inputs = (in),                          \
   .outputs = (out),                        \
   .n_inputs = 1,                           \
   .n_outputs = 1,                          \
   .concurrency = MOTET_PARALLEL,           \
   .determinism = MOTET_PURE,               \
   .create = create,                        \
   .destroy = destroy,                      \
   .extension = (ask)}
static const motet_stage_type kTokensType = STAGE("smaller.tokens", &kTextPort, &kTokensPort, tokens_extension);
static const motet_stage_type kValuesType = STAGE("smaller.values", &kTokensPort, &kValuesPort, values_extension);
static const motet_stage_type kTwiceType = STAGE("smaller.twice", &kXPort, &kYPort, twice_extension);

static const void* get_factory(const char* id) {
  static const motet_stage_type* const types[] = {&kTokensType, &kValuesType, &kTwiceType};
  static const motet_stage_types stages = {sizeof stages, 3, 0, types};
  static const motet_operation* const list[] = {&kTwice.operation};
  static const motet_operations operations = {sizeof operations, 1, 0, list};
  if (strcmp(id, "motet.operations/1") == 0) return &operations;
  return strcmp(id, "motet.stage_types/1") == 0 ? &stages : NULL;
}

MOTET_EXPORT const motet_plugin_entry motet_plugin = {
    sizeof(motet_plugin_entry), MOTET_ABI_MAJOR, MOTET_ABI_MINOR, "smaller", "1.0.0", get_factory};
