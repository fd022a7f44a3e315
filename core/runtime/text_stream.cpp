#include "runtime/text_stream.hpp"

#include <algorithm>

namespace motet::runtime {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // what a decoder gives for bytes that form no character yet
// A window of ids is decoded at each token; when it reaches kMostWindow it shrinks to kContext, which is more than any
// decoder looks back (word pieces, runs of bytes, blanks before punctuation).
constexpr std::size_t kMostWindow = 64;
constexpr std::size_t kContext = 32;

// Bytes at the end of `text` that may be the beginning of one of `stops`.
std::size_t held_back(std::string_view text, const std::vector<std::string>& stops) {
  std::size_t most = 0;
  for (const std::string& stop : stops) {
    const std::size_t longest = std::min(stop.size() > 0 ? stop.size() - 1 : 0, text.size());
    for (std::size_t size = longest; size > most; --size) {
      if (text.substr(text.size() - size) == std::string_view(stop).substr(0, size)) {
        most = size;
        break;
      }
    }
  }
  return most;
}

}  // namespace

TextStream::TextStream(const host::Instance* tokenizer, const std::vector<std::string>& stop_strings,
                       std::function<void(std::string_view)> sink, const host::CallOptions& options)
    : tokenizer_(tokenizer), stop_strings_(stop_strings), sink_(std::move(sink)), options_(options) {}

std::string TextStream::decode(std::span<const std::int32_t> ids) const {
  return tokenizer_->decode(ids, true, options_)->text();
}

void TextStream::send(std::size_t end) {
  if (end <= sent_) return;
  if (sink_) sink_(std::string_view(text_).substr(sent_, end - sent_));
  sent_ = end;
}

bool TextStream::update(const std::vector<std::int32_t>& ids) {
  if (tokenizer_ == nullptr || stopped_) return !stopped_;
  const std::string window = decode(std::span(ids).subspan(anchor_));
  text_.resize(settled_);
  text_.append(window, std::min(known_, window.size()));
  std::size_t stop_at = std::string::npos;
  for (const std::string& stop : stop_strings_) {
    // What was sent is no part of a stop string: its beginning is held back.
    if (!stop.empty()) stop_at = std::min(stop_at, text_.find(stop, std::min(sent_, text_.size())));
  }
  if (stop_at != std::string::npos) {
    text_.resize(stop_at);
    stopped_ = true;
    send(text_.size());
    return false;
  }
  std::size_t end = text_.size();
  while (end >= kReplacement.size() &&
         std::string_view(text_).substr(end - kReplacement.size(), kReplacement.size()) == kReplacement) {
    end -= kReplacement.size();
  }
  end -= std::min(end, held_back(std::string_view(text_).substr(0, end), stop_strings_));
  send(end);
  if (end == text_.size()) settle(ids);
  return true;
}

void TextStream::settle(const std::vector<std::int32_t>& ids) {
  if (ids.size() - anchor_ < kMostWindow) return;
  anchor_ = ids.size() - kContext;
  known_ = decode(std::span(ids).subspan(anchor_)).size();
  settled_ = text_.size();
}

void TextStream::finish(const std::vector<std::int32_t>& ids) {
  if (tokenizer_ == nullptr || stopped_) return;
  text_ = decode(ids);  // all at once: the very text that the tokenizer gives for these ids
  send(text_.size());
}

}  // namespace motet::runtime
