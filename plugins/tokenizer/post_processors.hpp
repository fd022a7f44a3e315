// Post-processors of a tokenizer.json: the special tokens around one text or two, and trimmed offsets.
#pragma once

#include <memory>
#include <vector>

#include "tokenizer/encoding.hpp"
#include "tokenizer/json_view.hpp"

namespace motet::tokenizer {

class PostProcessor {
 public:
  virtual ~PostProcessor() = default;
  virtual std::size_t added_tokens(bool pair) const = 0;

  // One or two encodings in, any number out, which the tokenizer joins. [any thread]
  virtual std::vector<Encoding> process(std::vector<Encoding> encodings, bool add_special_tokens) const = 0;
};

// Null for null. Supported: TemplateProcessing, BertProcessing, RobertaProcessing, ByteLevel, Sequence.
std::unique_ptr<const PostProcessor> make_post_processor(const JsonView& json, int depth = 0);

// `before` ... `after` around one text; the same around each of two.
std::unique_ptr<const PostProcessor> make_surround(std::vector<TokenId> before, std::vector<TokenId> after);

}  // namespace motet::tokenizer
