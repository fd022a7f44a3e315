// Unicode normal forms of an AlignedText, with the tables of Unicode 9 that the reference uses.
#pragma once

#include "tokenizer/aligned_text.hpp"

namespace motet::tokenizer {

enum class NormalForm { nfd, nfc, nfkd, nfkc };

void normalize(NormalForm form, AlignedText& text);

}  // namespace motet::tokenizer
