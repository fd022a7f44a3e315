// What a tokenizer refuses, as one exception type; the stage turns it into a status at the plugin's border.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>

namespace motet::tokenizer {

// `description`: the tokenizer.json or GGUF vocabulary is malformed or asks for something that is not supported; the
// message begins with the place ("$.model.merges[12]: ..."). `text`: this text or these options cannot be honoured.
class TokenizerError : public std::runtime_error {
 public:
  enum class Kind { description, text };

  TokenizerError(Kind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
  Kind kind() const { return kind_; }

 private:
  Kind kind_;
};

// Text that is not UTF-8; byte_offset() is where its first broken sequence begins.
class BrokenUtf8 : public TokenizerError {
 public:
  BrokenUtf8(const std::string& what, std::size_t byte_offset)
      : TokenizerError(Kind::text, what + " is not valid UTF-8 at byte " + std::to_string(byte_offset)),
        byte_offset_(byte_offset) {}
  std::size_t byte_offset() const { return byte_offset_; }

 private:
  std::size_t byte_offset_;
};

[[noreturn]] inline void fail_description(const std::string& place, const std::string& message) {
  throw TokenizerError(TokenizerError::Kind::description, place + ": " + message);
}
[[noreturn]] inline void fail_text(const std::string& message) {
  throw TokenizerError(TokenizerError::Kind::text, message);
}

}  // namespace motet::tokenizer
