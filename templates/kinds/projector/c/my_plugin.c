/* my_plugin: features into another space, through a gate: y = (x U^T) * sigmoid(x G^T). x f32[..., D], U and G (E, D),
 * y f32[..., E]. The contract alone, in C11. */
#include <motet/abi.h>

#include <stdlib.h>
#include <string.h>

struct motet_stage { /* one instance */
  const motet_host* host;
};

static motet_status my_plugin_create(motet_call* call, const motet_host* host, const motet_params* params,
                                     motet_stage** out) {
  (void)params;
  *out = malloc(sizeof **out);
  if (*out == NULL) {
    host->fail(call, MOTET_OUT_OF_MEMORY, NULL, "out of memory");
    return MOTET_OUT_OF_MEMORY;
  }
  (*out)->host = host;
  return MOTET_OK;
}

static void my_plugin_destroy(motet_stage* stage) { free(stage); }

static motet_status declare(motet_call* call, const motet_host* host, const char* name, motet_dim rows,
                            motet_dim columns, motet_tensor_spec* bound) {
  const motet_weight_request request = {
      .struct_size = sizeof request, .canonical = name, .rank = 2, .dims = {rows, columns}};
  bound->struct_size = sizeof *bound;
  const motet_status status = host->declare_weight(call, &request, bound);
  if (status != MOTET_OK) host->fail(call, status, "weights", host->last_error(call));
  return status;
}

/* D is what is connected, E what the file says; Motet refuses what does not fit before anything runs. */
static motet_status my_plugin_negotiate(motet_call* call, motet_stage* stage, motet_negotiation* negotiation) {
  const motet_host* host = stage->host;
  const motet_tensor_spec* x = negotiation->inputs;
  motet_tensor_spec up, gate;
  motet_dim d = {-1, host->fresh_symbol(call), 0}, e = {-1, host->fresh_symbol(call), 0};
  if (x->dtype != MOTET_NONE && x->rank > 0) d = x->dims[x->rank - 1];
  motet_status status = declare(call, host, "up", e, d, &up);
  if (status == MOTET_OK && up.rank == 2) e = up.dims[0];
  if (status == MOTET_OK) status = declare(call, host, "gate", e, d, &gate);
  if (status != MOTET_OK || x->dtype == MOTET_NONE || x->rank == 0) return status;
  negotiation->outputs->dtype = MOTET_F32;
  negotiation->outputs->rank = x->rank;
  memcpy(negotiation->outputs->dims, x->dims, sizeof x->dims);
  negotiation->outputs->dims[x->rank - 1] = e;
  return MOTET_OK;
}

static motet_tensor linear(motet_builder* g, motet_tensor x, const char* weight) { /* x W^T */
  const motet_tensor in[] = {x, g->weight(g, weight)};
  const motet_attribute transposed = {.key = "transpose_b", .kind = MOTET_ATTRIBUTE_INTEGER, .integer = 1};
  return g->emit(g, "matmul/1", in, 2, &transposed, 1, NULL, 0);
}

/* Writes operations and never sees data. A mistake poisons what comes of it; the builder keeps the first. */
static motet_status my_plugin_build(motet_call* call, const motet_stage* stage, motet_builder* g,
                                    const motet_tensor* in, uint32_t n_in, motet_tensor* out, uint32_t n_out) {
  const motet_attribute sigmoid = {.key = "fn", .kind = MOTET_ATTRIBUTE_STRING, .string = "sigmoid"};
  const motet_attribute mul = {.key = "fn", .kind = MOTET_ATTRIBUTE_STRING, .string = "mul"};
  const motet_tensor gate = linear(g, in[0], "gate");
  const motet_tensor both[] = {linear(g, in[0], "up"), g->emit(g, "unary/1", &gate, 1, &sigmoid, 1, NULL, 0)};
  (void)call, (void)stage, (void)n_in, (void)n_out;
  out[0] = g->emit(g, "binary/1", both, 2, &mul, 1, NULL, 0);
  return MOTET_OK;
}

static const void* my_plugin_extension(const char* id) {
  static const motet_tensor_stage table = {sizeof table, my_plugin_build};
  return strcmp(id, "motet.tensor_stage/1") == 0 ? &table : NULL;
}

static const motet_port kInputs[] = {{sizeof(motet_port), "x", "f32[..., D]", "features", 0, 0}};
static const motet_port kOutputs[] = {{sizeof(motet_port), "y", "f32[..., E]", "the same in the other space", 0, 0}};
static const motet_stage_type kType = {.struct_size = sizeof(motet_stage_type),
                                       .id = "my_plugin",
                                       .kind = "projector",
                                       .summary = "Maps features into another space through a gate.",
                                       .example = "seen: {use: my_plugin, weights: mine, in: {x: encoder.pooled}}",
                                       .inputs = kInputs,
                                       .outputs = kOutputs,
                                       .n_inputs = 1,
                                       .n_outputs = 1,
                                       .concurrency = MOTET_PARALLEL,
                                       .determinism = MOTET_PURE,
                                       .create = my_plugin_create,
                                       .destroy = my_plugin_destroy,
                                       .negotiate = my_plugin_negotiate,
                                       .extension = my_plugin_extension};

static const void* my_plugin_factory(const char* id) {
  static const motet_stage_type* const types[] = {&kType};
  static const motet_stage_types table = {sizeof table, 1, 0, types};
  return strcmp(id, "motet.stage_types/1") == 0 ? &table : NULL;
}

MOTET_EXPORT const motet_plugin_entry motet_plugin = {
    sizeof(motet_plugin_entry), MOTET_ABI_MAJOR, MOTET_ABI_MINOR, "my_plugin", "1.0.0", my_plugin_factory};
