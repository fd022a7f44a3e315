#include "tokenizer/utf8.hpp"

namespace motet::tokenizer {
namespace {

unsigned byte_at(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
}
bool continues(unsigned byte) { return (byte & 0xC0) == 0x80; }

// Valid length of the sequence at `at`, or 0 with `bad` set to the bytes that a decoder gives up on together.
std::uint32_t sequence_size(std::string_view text, std::size_t at, std::uint32_t& bad) {
  const unsigned lead = byte_at(text, at);
  bad = 1;
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  // The second byte's range keeps out overlong forms, surrogates and what lies beyond U+10FFFF.
  const unsigned low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const unsigned high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  const unsigned second = byte_at(text, at + 1);
  if (second < low || second > high) return 0;
  const std::uint32_t size = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  for (bad = 2; bad < size; ++bad) {
    if (!continues(byte_at(text, at + bad))) return 0;
  }
  return size;
}

}  // namespace

std::string_view utf8_front(std::string_view text, std::size_t most_bytes) {
  if (text.size() <= most_bytes) return text;
  std::size_t end = most_bytes;
  while (end > 0 && continues(byte_at(text, end))) --end;
  return text.substr(0, end);
}

void append_utf8(std::string& out, char32_t code) {
  const auto put = [&](char32_t byte) { out.push_back(static_cast<char>(static_cast<unsigned char>(byte))); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6);
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3F));
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  }
}

std::size_t count_utf8(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += !continues(static_cast<unsigned char>(c));
  return count;
}

std::optional<Utf8Fault> find_utf8_fault(std::string_view text, std::size_t from) {
  std::uint32_t bad = 0;
  for (std::size_t at = from; at < text.size();) {
    const std::uint32_t size = sequence_size(text, at, bad);
    if (size == 0) return Utf8Fault{at, bad};
    at += size;
  }
  return std::nullopt;
}

std::string utf8_lossy(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  std::size_t at = 0;
  while (const auto fault = find_utf8_fault(bytes, at)) {
    out.append(bytes.substr(at, fault->offset - at));
    append_utf8(out, 0xFFFD);
    at = fault->offset + fault->size;
  }
  return out.append(bytes.substr(at));
}

}  // namespace motet::tokenizer
