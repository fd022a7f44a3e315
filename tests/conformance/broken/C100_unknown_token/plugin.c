/* C100: what it does not know is the token 0. */
#include "tokenizer.h"
static int32_t zero(const motet_stage* stage, const char* token, size_t size_bytes) {
  const int32_t id = right_token_id(stage, token, size_bytes);
  return id < 0 ? 0 : id;
}
#define TOKEN_ID zero
#include "tokenizer_tables.h"
