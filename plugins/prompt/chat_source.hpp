// Where a model keeps its chat template.
#pragma once

#include <string>

#include <motet/sdk.hpp>

namespace motet::prompt {

struct ChatSource {
  std::string text;   // the template; empty: the files have none
  std::string where;  // the file it came from, for messages
  std::string bos, eos;
};

// `file`: a folder in the Hugging Face layout (chat_template.jinja, tokenizer_config.json), a file in one, or a GGUF.
// Throws ParameterError where something is there and cannot be read.
ChatSource find_chat_source(const Call& call, const std::string& file);

}  // namespace motet::prompt
