list(APPEND libs motet_host)
list(APPEND needs plugin_tokenizer)
