/* A tokenizer that keeps every rule: a token for each byte, 256 before and 257 behind a text with special tokens; as a
 * stage, a text to its ids. Used as host_stage.h says, with tokenizer_tables.h. */
#ifndef CONFORMANCE_TOKENIZER_H
#define CONFORMANCE_TOKENIZER_H

#include "base.h"

enum { kBegin = 256, kEnd = 257 };

static inline motet_status right_encode(motet_call* call, const motet_stage* stage, const char* text, size_t size_bytes,
                                        uint32_t flags, motet_value** tokens) {
  const motet_host* host = stage->host;
  const size_t special = (flags & MOTET_ADD_SPECIAL) != 0 ? 1 : 0, count = size_bytes + 2 * special;
  int32_t* ids = (int32_t*)host->scratch(call, (count + 1) * sizeof *ids);
  uint32_t* offsets = (uint32_t*)host->scratch(call, (2 * count + 1) * sizeof *offsets);
  uint32_t characters = 0;
  motet_status status;
  if (ids == NULL || offsets == NULL) return handed_on(host, call, MOTET_OUT_OF_MEMORY);
  for (size_t i = 0; i < size_bytes; ++i) {
    const unsigned char byte = (unsigned char)text[i];
    if ((byte & 0xC0) != 0x80) ++characters; /* a character begins */
    ids[special + i] = byte;
    offsets[2 * (special + i)] = characters - 1;
    offsets[2 * (special + i) + 1] = characters;
  }
  if (special) {
    ids[0] = kBegin;
    offsets[0] = offsets[1] = 0;
    ids[count - 1] = kEnd;
    offsets[2 * count - 2] = offsets[2 * count - 1] = characters;
  }
  {
    const motet_tokens_view made = {sizeof made, ids, count, NULL, NULL, offsets};
    status = host->value_new(call, MOTET_VALUE_TOKENS, &made, tokens);
  }
  return status == MOTET_OK ? status : handed_on(host, call, status);
}

/* Bytes of the character that the bytes begin with; 0 where they begin with none. */
static inline size_t character_size(const unsigned char* bytes, size_t left) {
  const unsigned char first = bytes[0], second = left > 1 ? bytes[1] : 0;
  const size_t size = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (size == 1) return 1;
  if (first < 0xC2 || first > 0xF4 || size > left) return 0;
  for (size_t i = 1; i < size; ++i) {
    if ((bytes[i] & 0xC0) != 0x80) return 0;
  }
  if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) || (first == 0xF0 && second < 0x90) ||
      (first == 0xF4 && second > 0x8F))
    return 0;
  return size;
}

static inline motet_status right_decode(motet_call* call, const motet_stage* stage, const int32_t* ids, size_t count,
                                        uint32_t flags, motet_value** text) {
  const motet_host* host = stage->host;
  unsigned char* bytes = (unsigned char*)host->scratch(call, count * 7 + 1);
  char* written = (char*)host->scratch(call, count * 21 + 1);
  size_t size = 0, end = 0;
  motet_status status;
  if (bytes == NULL || written == NULL) return handed_on(host, call, MOTET_OUT_OF_MEMORY);
  for (size_t i = 0; i < count; ++i) {
    const char* special = ids[i] == kBegin ? "<begin>" : ids[i] == kEnd ? "<end>" : "";
    if (ids[i] >= 0 && ids[i] < 256) bytes[size++] = (unsigned char)ids[i];
    if ((flags & MOTET_SKIP_SPECIAL) == 0) {
      memcpy(bytes + size, special, strlen(special));
      size += strlen(special);
    }
  }
  for (size_t i = 0; i < size;) {
    const size_t character = character_size(bytes + i, size - i);
    memcpy(written + end, character > 0 ? (const char*)bytes + i : "\xEF\xBF\xBD", character > 0 ? character : 3);
    end += character > 0 ? character : 3;
    i += character > 0 ? character : 1;
  }
  {
    const motet_text_view made = {sizeof made, written, end};
    status = host->value_new(call, MOTET_VALUE_TEXT, &made, text);
  }
  return status == MOTET_OK ? status : handed_on(host, call, status);
}

static inline int32_t right_token_id(const motet_stage* stage, const char* token, size_t size_bytes) {
  (void)stage;
  if (size_bytes == 7 && memcmp(token, "<begin>", 7) == 0) return kBegin;
  if (size_bytes == 5 && memcmp(token, "<end>", 5) == 0) return kEnd;
  return size_bytes == 1 ? (unsigned char)token[0] : -1;
}

static inline motet_status right_process(motet_call* call, motet_stage* stage, const motet_value* const* inputs,
                                         size_t n_inputs, motet_value** outputs, size_t n_outputs) {
  motet_text_view text = {sizeof text, NULL, 0};
  const motet_status status = stage->host->value_view(call, inputs[0], MOTET_VALUE_TEXT, &text);
  (void)n_inputs, (void)n_outputs;
  if (status != MOTET_OK) return handed_on(stage->host, call, status);
  return right_encode(call, stage, text.data, text.size_bytes, MOTET_ADD_SPECIAL, &outputs[0]);
}

#endif
