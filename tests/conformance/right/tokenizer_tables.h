/* The tables of a tokenizer; see tokenizer.h. No guard: once a plugin. */
#ifndef PROCESS
#define PROCESS right_process
#endif
#ifndef ENCODE
#define ENCODE right_encode
#endif
#ifndef DECODE
#define DECODE right_decode
#endif
#ifndef TOKEN_ID
#define TOKEN_ID right_token_id
#endif
#define INPUT_NAME "text"
#define INPUT_TYPE "text"
#define OUTPUT_NAME "ids"
#define OUTPUT_TYPE "tokens"
#define KIND "tokenizer"
#define SUMMARY "A token for each byte."

#ifndef EXTENSION
#define EXTENSION stage_extension
static const void* stage_extension(const char* id) {
  static const motet_host_stage host_stage = {sizeof host_stage, PROCESS};
  static const motet_tokenizer tokenizer = {sizeof tokenizer, ENCODE, DECODE, TOKEN_ID};
  if (strcmp(id, "motet.host_stage/1") == 0) return &host_stage;
  return strcmp(id, "motet.tokenizer/1") == 0 ? &tokenizer : NULL;
}
#endif

#include "tables.h"
