#include "tokenizer/pieces.hpp"

#include <array>

namespace motet::tokenizer {
namespace {

// Printable bytes stand for themselves; the other 68 take the code points from U+0100 on, in order.
struct ByteLevelTable {
  std::array<char32_t, 256> character{};
  std::array<int, 0x144> byte{};

  constexpr ByteLevelTable() {
    for (int& b : byte) b = -1;
    char32_t next = 0x100;
    for (unsigned b = 0; b < 256; ++b) {
      const bool printable = (b >= 0x21 && b <= 0x7E) || (b >= 0xA1 && b != 0xAD);
      character[b] = printable ? b : next++;
      byte[character[b]] = static_cast<int>(b);
    }
  }
};
constexpr ByteLevelTable kByteLevel;

struct Cut {
  Span span;
  bool match;
};

// The matches and what lies between them, covering the piece.
std::vector<Cut> with_gaps(const std::vector<Span>& matches, std::uint32_t size, bool invert) {
  std::vector<Cut> cuts;
  cuts.reserve(matches.size() * 2 + 1);
  std::uint32_t done = 0;
  for (const Span& match : matches) {
    if (match.begin > done) cuts.push_back({{done, match.begin}, invert});
    cuts.push_back({match, !invert});
    done = match.end;
  }
  if (done < size) cuts.push_back({{done, size}, invert});
  return cuts;
}

void join(std::vector<Cut>& cuts, SplitBehavior behavior) {
  std::vector<Cut> joined;
  joined.reserve(cuts.size());
  bool previous_match = false;
  for (const Cut& cut : cuts) {
    const bool joins =
        behavior == SplitBehavior::contiguous ? cut.match == previous_match : cut.match && !previous_match;
    if (joins && !joined.empty()) {
      joined.back().span.end = cut.span.end;
    } else {
      joined.push_back(cut);
    }
    previous_match = cut.match;
  }
  cuts = std::move(joined);
}

void join_with_next(std::vector<Cut>& cuts) {
  std::vector<Cut> joined;  // from the back
  bool previous_match = false;
  for (std::size_t i = cuts.size(); i-- > 0;) {
    if (cuts[i].match && !previous_match && !joined.empty()) {
      joined.back().span.begin = cuts[i].span.begin;
    } else {
      joined.push_back(cuts[i]);
    }
    previous_match = cuts[i].match;
  }
  cuts.assign(joined.rbegin(), joined.rend());
}

}  // namespace

char32_t byte_level_character(unsigned char byte) { return kByteLevel.character[byte]; }
int byte_level_byte(char32_t code) { return code < kByteLevel.byte.size() ? kByteLevel.byte[code] : -1; }

void PieceList::append(const AlignedText& from, std::uint32_t begin, std::uint32_t end, TokenId token) {
  if (begin >= end) return;
  const auto at = static_cast<std::uint32_t>(text.size());
  text.append(from.text, begin, end - begin);
  origin.insert(origin.end(), from.origin.begin() + begin, from.origin.begin() + end);
  pieces.push_back({at, at + end - begin, from.origin[begin].begin, token});
}

AlignedText PieceList::extract(const Piece& piece) const {
  AlignedText part;
  part.text = text_of(piece);
  part.origin.assign(origin.begin() + piece.begin, origin.begin() + piece.end);
  part.original_begin = piece.original_begin;
  return part;
}

void PieceList::cut_piece(const Piece& piece, const std::vector<Span>& matches, SplitBehavior behavior, bool invert,
                          std::vector<Piece>& out) const {
  std::vector<Cut> cuts = with_gaps(matches, piece.end - piece.begin, invert);
  if (behavior == SplitBehavior::merged_with_next) {
    join_with_next(cuts);
  } else if (behavior == SplitBehavior::merged_with_previous || behavior == SplitBehavior::contiguous) {
    join(cuts, behavior);
  }
  for (const Cut& cut : cuts) {
    if (cut.span.begin >= cut.span.end || (behavior == SplitBehavior::removed && cut.match)) continue;
    const std::uint32_t begin = piece.begin + cut.span.begin;
    out.push_back({begin, piece.begin + cut.span.end, origin[begin].begin});
  }
}

void PieceList::map_bytes() {
  std::string mapped;
  std::vector<Span> mapped_origin;
  mapped.reserve(text.size() * 2);
  mapped_origin.reserve(text.size() * 2);
  for (Piece& piece : pieces) {
    const auto begin = static_cast<std::uint32_t>(mapped.size());
    for (std::uint32_t at = piece.begin; at < piece.end; ++at) {
      if (piece.token != kNoToken) {
        mapped.push_back(text[at]);
      } else {
        append_utf8(mapped, byte_level_character(static_cast<unsigned char>(text[at])));
      }
      mapped_origin.resize(mapped.size(), origin[at]);
    }
    piece.begin = begin;
    piece.end = static_cast<std::uint32_t>(mapped.size());
  }
  text = std::move(mapped);
  origin = std::move(mapped_origin);
}

}  // namespace motet::tokenizer
