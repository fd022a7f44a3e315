// A text on its way to the model: one buffer of normalized text, cut into pieces, some of which are tokens already.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tokenizer/aligned_text.hpp"
#include "tokenizer/vocabulary.hpp"

namespace motet::tokenizer {

// Bytes [begin, end) of PieceList::text, never empty.
struct Piece {
  std::uint32_t begin, end;
  std::uint32_t original_begin;  // where the original of this piece begins
  TokenId token = kNoToken;      // an added token, which nothing cuts or rewrites any more
};

// What becomes of the matches when a text is split at them.
enum class SplitBehavior { removed, isolated, merged_with_previous, merged_with_next, contiguous };

struct PieceList {
  std::string text;
  std::vector<Span> origin;  // one a byte of `text`
  std::vector<Piece> pieces;

  std::string_view text_of(const Piece& piece) const {
    return std::string_view(text).substr(piece.begin, piece.end - piece.begin);
  }

  // Appends bytes [begin, end) of `from` as a piece; nothing if they are none.
  void append(const AlignedText& from, std::uint32_t begin, std::uint32_t end, TokenId token);

  // Cuts every piece that is not a token at the matches that `find(text of the piece)` returns. `invert` takes what
  // lies between the matches for the matches.
  template <class Find>
  void split(SplitBehavior behavior, bool invert, Find find) {
    std::vector<Piece> cut;
    cut.reserve(pieces.size() * 2);
    for (const Piece& piece : pieces) {
      if (piece.token != kNoToken) {
        cut.push_back(piece);
      } else {
        cut_piece(piece, find(text_of(piece)), behavior, invert, cut);
      }
    }
    pieces = std::move(cut);
  }

  // The same for single characters that satisfy `matches`.
  template <class Matches>
  void split_characters(SplitBehavior behavior, Matches matches);

  // Rewrites every piece that is not a token with `rewrite(AlignedText&)`.
  template <class Rewrite>
  void rewrite(Rewrite rewrite) {
    PieceList next;
    next.text.reserve(text.size() + pieces.size());
    next.origin.reserve(text.size() + pieces.size());
    for (const Piece& piece : pieces) next.append_rewritten(*this, piece, rewrite);
    *this = std::move(next);
  }

  // Each byte becomes the printable character that byte-level vocabularies write for it.
  void map_bytes();

 private:
  void cut_piece(const Piece& piece, const std::vector<Span>& matches, SplitBehavior behavior, bool invert,
                 std::vector<Piece>& out) const;
  AlignedText extract(const Piece& piece) const;

  template <class Rewrite>
  void append_rewritten(const PieceList& from, const Piece& piece, Rewrite& rewrite) {
    AlignedText part = from.extract(piece);
    if (piece.token == kNoToken) rewrite(part);
    const std::size_t before = pieces.size();
    append(part, 0, static_cast<std::uint32_t>(part.text.size()), piece.token);
    if (pieces.size() > before) pieces.back().original_begin = piece.original_begin;
  }
};

template <class Matches>
void PieceList::split_characters(SplitBehavior behavior, Matches matches) {
  split(behavior, false, [&](std::string_view part) {
    std::vector<Span> found;
    for (std::uint32_t at = 0; at < part.size();) {
      const Utf8Char c = utf8_at(part, at);
      if (matches(c.code)) found.push_back({at, at + c.size});
      at += c.size;
    }
    return found;
  });
}

// The character that byte-level vocabularies write for a byte, and the way back (-1 for a character that stands for
// none).
char32_t byte_level_character(unsigned char byte);
int byte_level_byte(char32_t code);

}  // namespace motet::tokenizer
