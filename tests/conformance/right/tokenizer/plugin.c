/* The stage of tokenizer.h as it stands. */
#include "tokenizer.h"
#include "tokenizer_tables.h"
