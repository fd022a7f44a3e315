/* A host stage and a tensor stage against the contract as the foundation left it, version 1.0: only the headers beside
 * this file are used. Never changed: it stands for plugins that were built then and are not built again. */
#include <motet/abi.h>

#include <stdlib.h>
#include <string.h>

#if MOTET_ABI_MAJOR != 1 || MOTET_ABI_MINOR != 0
#error "these are not the foundation's headers"
#endif

struct motet_stage {
  const motet_host* host;
  int64_t add;
  double factor;
};

static motet_status create(motet_call* call, const motet_host* host, const motet_params* params, motet_stage** out) {
  *out = calloc(1, sizeof **out);
  if (*out == NULL) {
    host->fail(call, MOTET_OUT_OF_MEMORY, NULL, "out of memory");
    return MOTET_OUT_OF_MEMORY;
  }
  (*out)->host = host;
  for (size_t i = 0; i < params->count; ++i) {
    const motet_param_value* value = &params->values[i];
    if (strcmp(value->name, "add") == 0) (*out)->add = value->integer;
    if (strcmp(value->name, "factor") == 0) (*out)->factor = value->number;
  }
  return MOTET_OK;
}

static void destroy(motet_stage* stage) { free(stage); }

/* Text to its bytes as numbers, each plus `add`: f32[N]. */
static motet_status numbers(motet_call* call, motet_stage* stage, const motet_value* const* inputs, size_t n_inputs,
                            motet_value** outputs, size_t n_outputs) {
  const motet_host* host = stage->host;
  motet_text_view text = {sizeof text, NULL, 0};
  void* data = NULL;
  int64_t size = 0;
  (void)n_inputs, (void)n_outputs;
  motet_status status = host->value_view(call, inputs[0], MOTET_VALUE_TEXT, &text);
  size = (int64_t)text.size_bytes;
  if (status == MOTET_OK && size == 0) {
    host->fail(call, MOTET_INVALID_ITEM, "in.text", "there is no letter in it");
    return MOTET_INVALID_ITEM;
  }
  unsigned char* copy = host->scratch(call, text.size_bytes);
  if (status == MOTET_OK && copy != NULL) status = host->tensor_new(call, MOTET_F32, 1, &size, &data, outputs);
  if (status != MOTET_OK || copy == NULL) {
    host->fail(call, MOTET_INTERNAL, NULL, host->last_error(call));
    return MOTET_INTERNAL;
  }
  memcpy(copy, text.data, text.size_bytes);
  for (int64_t i = 0; i < size; ++i) ((float*)data)[i] = (float)(copy[i] + stage->add);
  host->log(call, MOTET_LOG_DEBUG, "as then");
  return host->should_cancel(call) ? MOTET_OK : status;
}

/* y = x * factor, and the shape says so. */
static motet_status scale_negotiate(motet_call* call, motet_stage* stage, motet_negotiation* negotiation) {
  (void)call, (void)stage;
  if (negotiation->inputs[0].dtype != MOTET_NONE) negotiation->outputs[0] = negotiation->inputs[0];
  return MOTET_OK;
}

static motet_status scale_build(motet_call* call, const motet_stage* stage, motet_builder* g, const motet_tensor* in,
                                uint32_t n_in, motet_tensor* out, uint32_t n_out) {
  const int64_t one = 1;
  const motet_attribute fill[] = {
      {"shape", MOTET_ATTRIBUTE_INTEGERS, 1, 0, 0, NULL, &one},
      {"value", MOTET_ATTRIBUTE_NUMBER, 0, 0, stage->factor, NULL, NULL},
  };
  const motet_attribute mul = {"fn", MOTET_ATTRIBUTE_STRING, 0, 0, 0, "mul", NULL};
  motet_tensor_spec spec = {.struct_size = sizeof spec};
  (void)call, (void)n_in, (void)n_out;
  g->enter_scope(g, "scale");
  const motet_tensor both[] = {in[0], g->emit(g, "fill/1", NULL, 0, fill, 2, NULL, 0)};
  out[0] = g->emit(g, "binary/1", both, 2, &mul, 1, NULL, 0);
  g->leave_scope(g);
  if (!g->has_op(g, "softmax/1") || g->has_op(g, "softmax/2") || g->spec_of(g, out[0], &spec) != MOTET_OK ||
      spec.dtype != MOTET_F32)
    g->fail(g, "the builder is not as it was");
  return MOTET_OK;
}

static const void* numbers_extension(const char* id) {
  static const motet_host_stage table = {sizeof table, numbers};
  return strcmp(id, "motet.host_stage/1") == 0 ? &table : NULL;
}
static const void* scale_extension(const char* id) {
  static const motet_tensor_stage table = {sizeof table, scale_build};
  return strcmp(id, "motet.tensor_stage/1") == 0 ? &table : NULL;
}

static const motet_port kText[] = {{sizeof(motet_port), "text", "text", "", 0, 0}};
static const motet_port kNumbers[] = {{sizeof(motet_port), "numbers", "f32[N]", "", 0, 0}};
static const motet_port kX[] = {{sizeof(motet_port), "x", "f32[..., N]", "", 0, 0}};
static const motet_port kY[] = {{sizeof(motet_port), "y", "f32[..., N]", "", 0, 0}};
static const motet_param kAdd[] = {{sizeof(motet_param), "add", "", MOTET_PARAM_INT, 0, "0", -100, 100, NULL}};
static const motet_param kFactor[] = {{sizeof(motet_param), "factor", "", MOTET_PARAM_FLOAT, 0, "0.5", -9, 9, NULL}};

static const motet_stage_type kNumbersType = {.struct_size = sizeof(motet_stage_type),
                                              .id = "foundation.numbers",
                                              .kind = "text",
                                              .summary = "A text's bytes as numbers.",
                                              .inputs = kText,
                                              .outputs = kNumbers,
                                              .params = kAdd,
                                              .n_inputs = 1,
                                              .n_outputs = 1,
                                              .n_params = 1,
                                              .concurrency = MOTET_PARALLEL,
                                              .determinism = MOTET_PURE,
                                              .create = create,
                                              .destroy = destroy,
                                              .extension = numbers_extension};
static const motet_stage_type kScaleType = {.struct_size = sizeof(motet_stage_type),
                                            .id = "foundation.scale",
                                            .kind = "projector",
                                            .summary = "y = x * factor.",
                                            .inputs = kX,
                                            .outputs = kY,
                                            .params = kFactor,
                                            .n_inputs = 1,
                                            .n_outputs = 1,
                                            .n_params = 1,
                                            .concurrency = MOTET_PARALLEL,
                                            .determinism = MOTET_PURE,
                                            .create = create,
                                            .destroy = destroy,
                                            .negotiate = scale_negotiate,
                                            .extension = scale_extension};

static const void* get_factory(const char* id) {
  static const motet_stage_type* const types[] = {&kNumbersType, &kScaleType};
  static const motet_stage_types table = {sizeof table, 2, 0, types};
  return strcmp(id, "motet.stage_types/1") == 0 ? &table : NULL;
}

MOTET_EXPORT const motet_plugin_entry motet_plugin = {
    sizeof(motet_plugin_entry), MOTET_ABI_MAJOR, MOTET_ABI_MINOR, "foundation", "1.0.0", get_factory};
