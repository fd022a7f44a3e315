/* my_plugin: one space between words, and only the first of them. The contract alone, in C11. */
#include <motet/abi.h>

#include <stdlib.h>
#include <string.h>

struct motet_stage { /* one instance */
  const motet_host* host;
  int64_t most;
};

static motet_status my_plugin_create(motet_call* call, const motet_host* host, const motet_params* params,
                                     motet_stage** out) {
  motet_stage* stage = malloc(sizeof *stage);
  if (stage == NULL) {
    host->fail(call, MOTET_OUT_OF_MEMORY, NULL, "out of memory");
    return MOTET_OUT_OF_MEMORY;
  }
  stage->host = host;
  stage->most = params->values->integer; /* the only parameter; checked by the host */
  *out = stage;
  return MOTET_OK;
}

static void my_plugin_destroy(motet_stage* stage) { free(stage); }

static int is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/* One item. Called from several threads at once: the stage is only read. */
static motet_status my_plugin_process(motet_call* call, motet_stage* stage, const motet_value* const* inputs,
                                      size_t n_inputs, motet_value** outputs, size_t n_outputs) {
  const motet_host* host = stage->host;
  motet_text_view text = {sizeof text, NULL, 0}; /* UTF-8, not terminated */
  motet_status status = host->value_view(call, inputs[0], MOTET_VALUE_TEXT, &text);
  char* written = status == MOTET_OK ? host->scratch(call, text.size_bytes + 1) : NULL; /* until the call returns */
  size_t size = 0;
  int64_t words = 0;
  (void)n_inputs, (void)n_outputs;
  if (status == MOTET_OK && written == NULL) status = MOTET_OUT_OF_MEMORY;
  for (size_t i = 0; status == MOTET_OK && i < text.size_bytes; ++i) {
    if (is_space(text.data[i])) continue;
    if (i == 0 || is_space(text.data[i - 1])) { /* a word begins */
      if (stage->most > 0 && words == stage->most) break;
      if (words++ > 0) written[size++] = ' ';
    }
    written[size++] = text.data[i];
  }
  if (status == MOTET_OK && words == 0) {
    host->fail(call, MOTET_INVALID_ITEM, "in.text", "the text has no words"); /* this item fails, others go on */
    return MOTET_INVALID_ITEM;
  }
  if (status == MOTET_OK) {
    const motet_text_view made = {sizeof made, written, size};
    status = host->value_new(call, MOTET_VALUE_TEXT, &made, &outputs[0]);
  }
  if (status != MOTET_OK) host->fail(call, status, NULL, host->last_error(call));
  return status;
}

static const void* my_plugin_extension(const char* id) {
  static const motet_host_stage table = {sizeof table, my_plugin_process};
  return strcmp(id, "motet.host_stage/1") == 0 ? &table : NULL;
}

static const motet_port kInputs[] = {{sizeof(motet_port), "text", "text", "any text", 0, 0}};
static const motet_port kOutputs[] = {{sizeof(motet_port), "text", "text", "its words", 0, 0}};
static const motet_param kParams[] = {
    {sizeof(motet_param), "most", "how many words to keep; 0: all", MOTET_PARAM_INT, 0, "0", 0, 1 << 30, NULL}};
static const motet_stage_type kType = {.struct_size = sizeof(motet_stage_type),
                                       .id = "my_plugin",
                                       .kind = "text",
                                       .summary = "Puts one space between a text's words, and keeps the first of them.",
                                       .example = "tidy: {use: my_plugin, with: {most: 5}, in: {text: inputs.text}}",
                                       .inputs = kInputs,
                                       .outputs = kOutputs,
                                       .params = kParams,
                                       .n_inputs = 1,
                                       .n_outputs = 1,
                                       .n_params = 1,
                                       .concurrency = MOTET_PARALLEL,
                                       .determinism = MOTET_PURE,
                                       .create = my_plugin_create,
                                       .destroy = my_plugin_destroy,
                                       .extension = my_plugin_extension};

static const void* my_plugin_factory(const char* id) {
  static const motet_stage_type* const types[] = {&kType};
  static const motet_stage_types table = {sizeof table, 1, 0, types};
  return strcmp(id, "motet.stage_types/1") == 0 ? &table : NULL;
}

MOTET_EXPORT const motet_plugin_entry motet_plugin = {
    sizeof(motet_plugin_entry), MOTET_ABI_MAJOR, MOTET_ABI_MINOR, "my_plugin", "1.0.0", my_plugin_factory};
