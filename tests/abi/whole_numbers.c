/* A plugin that says it was built against 1.0, when a request had no way to say that i32 is taken, and takes it:
 * y = x + row, row i32[3]. */
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

static motet_status negotiate(motet_call* call, motet_stage* stage, motet_negotiation* negotiation) {
  motet_weight_request request = {.struct_size = sizeof request, .canonical = "row", .rank = 1};
  motet_tensor_spec bound = {.struct_size = sizeof bound};
  (void)negotiation;
  request.dims[0].size = 3;
  const motet_status status = stage->host->declare_weight(call, &request, &bound);
  if (status != MOTET_OK) stage->host->fail(call, status, "weights.row", stage->host->last_error(call));
  return status;
}

static motet_status build(motet_call* call, const motet_stage* stage, motet_builder* g, const motet_tensor* in,
                          uint32_t n_in, motet_tensor* out, uint32_t n_out) {
  const motet_attribute to = {.key = "dtype", .kind = MOTET_ATTRIBUTE_STRING, .string = "f32"};
  const motet_attribute add = {.key = "fn", .kind = MOTET_ATTRIBUTE_STRING, .string = "add"};
  const motet_tensor row = g->weight(g, "row");
  motet_tensor pair[2] = {in[0], g->emit(g, "cast/1", &row, 1, &to, 1, NULL, 0)};
  (void)call, (void)stage, (void)n_in, (void)n_out;
  out[0] = g->emit(g, "binary/1", pair, 2, &add, 1, NULL, 0);
  return MOTET_OK;
}

static const void* extension(const char* id) {
  static const motet_tensor_stage table = {sizeof table, build};
  return strcmp(id, "motet.tensor_stage/1") == 0 ? &table : NULL;
}

static const void* get_factory(const char* id) {
  static const motet_port x = {sizeof x, "x", "f32[B, 3]", "", 0, 0};
  static const motet_port y = {sizeof y, "y", "f32[B, 3]", "", 0, 0};
  static const motet_stage_type type = {.struct_size = sizeof type,
                                        .id = "whole_numbers.add",
                                        .kind = "test",
                                        .inputs = &x,
                                        .outputs = &y,
                                        .n_inputs = 1,
                                        .n_outputs = 1,
                                        .concurrency = MOTET_PARALLEL,
                                        .determinism = MOTET_PURE,
                                        .create = create,
                                        .destroy = destroy,
                                        .negotiate = negotiate,
                                        .extension = extension};
  static const motet_stage_type* const types[] = {&type};
  static const motet_stage_types stages = {sizeof stages, 1, 0, types};
  return strcmp(id, "motet.stage_types/1") == 0 ? &stages : NULL;
}

MOTET_EXPORT const motet_plugin_entry motet_plugin = {
    sizeof(motet_plugin_entry), 1, 0, "whole_numbers", "1.0.0", get_factory};
