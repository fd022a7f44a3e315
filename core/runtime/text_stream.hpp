// Generated ids to text as it grows: whole characters only, stop strings found across the borders of tokens.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "host/instance.hpp"

namespace motet::runtime {

class TextStream {
 public:
  // `tokenizer` may be null: then there is no text. Pieces go to `sink` (may be empty) as soon as they are certain.
  TextStream(const host::Instance* tokenizer, const std::vector<std::string>& stop_strings,
             std::function<void(std::string_view)> sink, const host::CallOptions& options);

  // `ids`: all that was generated so far. False where a stop string is complete: the sequence ends here.
  bool update(const std::vector<std::int32_t>& ids);
  // No more will come: what was held back goes out.
  void finish(const std::vector<std::int32_t>& ids);
  const std::string& text() const { return text_; }  // without the stop string and what follows it

 private:
  std::string decode(std::span<const std::int32_t> ids) const;
  void settle(const std::vector<std::int32_t>& ids);
  void send(std::size_t end);

  const host::Instance* tokenizer_;
  const std::vector<std::string>& stop_strings_;
  std::function<void(std::string_view)> sink_;
  host::CallOptions options_;
  std::string text_;
  std::size_t sent_ = 0;
  // Only the ids from `anchor_` on are decoded at each token. Of what they give the first `known_` bytes are the end of
  // text_'s first `settled_` bytes.
  std::size_t anchor_ = 0;
  std::size_t known_ = 0;
  std::size_t settled_ = 0;
  bool stopped_ = false;
};

}  // namespace motet::runtime
