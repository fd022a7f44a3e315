/* C118: the end of a text is known by the name of its beginning. */
#include "tokenizer.h"
static int32_t mistaken(const motet_stage* stage, const char* token, size_t size_bytes) {
  const int32_t id = right_token_id(stage, token, size_bytes);
  return id == kEnd ? kBegin : id;
}
#define TOKEN_ID mistaken
#include "tokenizer_tables.h"
