#include "tokenizer/tokenizer.hpp"

#include <algorithm>
#include <new>

#include "tokenizer/unicode.hpp"

namespace motet::tokenizer {
namespace {

constexpr std::size_t kMaxTextBytes = std::size_t{1} << 30;  // positions are 32 bits wide, mapped text may be longer

void check_text(std::string_view text) {
  if (text.size() > kMaxTextBytes) {
    fail_text("the text has " + std::to_string(text.size()) + " bytes, more than the " + std::to_string(kMaxTextBytes) +
              " that can be encoded at once");
  }
  if (!simdjson::validate_utf8(text.data(), text.size())) throw BrokenUtf8("the text", find_utf8_fault(text)->offset);
}

// The character in which each byte lies. One entry more: the number of characters.
std::vector<std::uint32_t> character_of_byte(std::string_view text) {
  std::vector<std::uint32_t> characters(text.size() + 1);
  std::uint32_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count) {
    const std::uint32_t size = utf8_lead_size(text[at]);
    std::fill_n(characters.begin() + at, size, count);
    at += size;
  }
  characters.back() = count;
  return characters;
}

bool is_blank(char32_t code) { return code == byte_level_character(' ') || is_white_space(code); }

// How many blanks a token's text begins and ends with.
CharacterRange count_blanks(std::string_view text) {
  CharacterRange blanks;
  for (std::size_t at = 0; at < text.size(); ++blanks.begin) {
    const Utf8Char c = utf8_at(text, at);
    if (!is_blank(c.code)) break;
    at += c.size;
  }
  for (std::size_t end = text.size(); end > 0; ++blanks.end) {
    const Utf8Char c = utf8_before(text, end);
    if (!is_blank(c.code)) break;
    end -= c.size;
  }
  return blanks;
}

}  // namespace

Tokenizer::Tokenizer(Parts parts)
    : parts_(std::move(parts)), added_(parts_.added, *parts_.model, parts_.normalizer.get()) {
  parts_.added.clear();
}

void Tokenizer::add_piece(const PieceList& pieces, std::size_t index, const std::vector<Token>& tokens,
                          const std::vector<std::uint32_t>& characters, std::uint32_t type_id, Encoding& out) const {
  const Piece& piece = pieces.pieces[index];
  for (const Token& token : tokens) {
    CharacterRange offset;
    // A token made of what a suffix or prefix added reaches beyond its piece.
    const std::uint32_t begin = std::min(piece.begin + token.begin, piece.end - 1);
    const std::uint32_t end = std::clamp(piece.begin + token.end, begin + 1, piece.end);
    offset.begin = characters[pieces.origin[begin].begin];
    offset.end = characters[pieces.origin[end - 1].end];
    const std::string_view text = piece.token != kNoToken || !parts_.model->vocabulary().has(token.id)
                                      ? std::string_view(pieces.text).substr(begin, end - begin)
                                      : parts_.model->vocabulary().text(token.id);
    out.push(token.id, type_id, static_cast<std::int32_t>(index), offset, false, count_blanks(text));
  }
}

Encoding Tokenizer::encode_one(std::string_view text, const EncodeOptions& options, std::uint32_t type_id) const {
  check_text(text);
  PieceList pieces = added_.cut(text, parts_.normalizer.get(), options.special_in_text);
  if (parts_.pre_tokenizer) parts_.pre_tokenizer->cut(pieces);
  const std::vector<std::uint32_t> characters = character_of_byte(text);
  const std::unique_ptr<Model::Workspace> workspace = parts_.model->make_workspace();
  std::vector<Token> tokens;
  Encoding encoding;
  for (std::size_t i = 0; i < pieces.pieces.size(); ++i) {
    const Piece& piece = pieces.pieces[i];
    tokens.clear();
    if (piece.token != kNoToken) {
      tokens.push_back({piece.token, 0, piece.end - piece.begin});
    } else {
      parts_.model->tokenize(pieces.text_of(piece), workspace.get(), tokens);
    }
    add_piece(pieces, i, tokens, characters, type_id, encoding);
  }
  return encoding;
}

Encoding Tokenizer::finish(std::vector<Encoding> encodings, const EncodeOptions& options) const {
  const bool pair = encodings.size() > 1;
  std::optional<Truncation> truncation = parts_.truncation;
  if (options.max_length) {
    if (!truncation) truncation.emplace();
    truncation->max_length = *options.max_length;
  }
  if (options.truncate && truncation) {
    const bool adds = options.add_special_tokens && parts_.post_processor;
    truncate(encodings[0], pair ? &encodings[1] : nullptr, *truncation,
             adds ? parts_.post_processor->added_tokens(pair) : 0);
  }
  if (parts_.post_processor)
    encodings = parts_.post_processor->process(std::move(encodings), options.add_special_tokens);
  Encoding all;
  for (const Encoding& encoding : encodings) all.append(encoding);
  return all;
}

std::vector<Encoding> Tokenizer::encode_batch(const std::vector<std::string_view>& texts,
                                              const EncodeOptions& options) const {
  std::vector<Encoding> batch;
  batch.reserve(texts.size());
  for (const std::string_view text : texts) {
    std::vector<Encoding> one;
    one.push_back(encode_one(text, options, 0));
    batch.push_back(finish(std::move(one), options));
  }
  if (options.pad && parts_.padding) pad(batch, *parts_.padding);
  return batch;
}

Encoding Tokenizer::encode(std::string_view text, const EncodeOptions& options) const {
  return std::move(encode_batch({text}, options).front());
}

Encoding Tokenizer::encode_pair(std::string_view first, std::string_view second, const EncodeOptions& options) const {
  std::vector<Encoding> both;
  both.push_back(encode_one(first, options, 0));
  both.push_back(encode_one(second, options, 1));
  std::vector<Encoding> batch;
  batch.push_back(finish(std::move(both), options));
  if (options.pad && parts_.padding) pad(batch, *parts_.padding);
  return std::move(batch.front());
}

std::string Tokenizer::decode(std::span<const TokenId> ids, bool skip_special_tokens) const {
  std::vector<std::string> tokens;
  tokens.reserve(ids.size());
  for (const TokenId id : ids) {
    std::optional<std::string> token = id_to_token(id);
    if (token && !(skip_special_tokens && added_.is_special(*token))) tokens.push_back(std::move(*token));
  }
  if (parts_.decoder) parts_.decoder->decode(tokens);
  std::string text;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (!parts_.decoder && i > 0) text += ' ';
    text += tokens[i];
  }
  return text;
}

TokenId Tokenizer::token_to_id(std::string_view token) const {
  const TokenId id = added_.find(std::string(token));
  return id != kNoToken ? id : parts_.model->vocabulary().find(token);
}

std::optional<std::string> Tokenizer::id_to_token(TokenId id) const {
  if (const AddedToken* token = added_.get(id)) return token->content;
  if (!parts_.model->vocabulary().has(id)) return std::nullopt;
  return std::string(parts_.model->vocabulary().text(id));
}

bool Tokenizer::is_special(TokenId id) const {
  const std::optional<std::string> token = id_to_token(id);
  return token && added_.is_special(*token);
}

std::size_t Tokenizer::vocabulary_size() const {
  return std::max(parts_.model->vocabulary().id_end(), added_.id_end());
}

namespace {

// The library's own sentences differ from version to version.
const char* why_not_json(simdjson::error_code error) {
  switch (error) {
    case simdjson::EMPTY:
      return "it is empty";
    case simdjson::UTF8_ERROR:
      return "its text is not UTF-8";
    case simdjson::DEPTH_ERROR:
      return "it is nested too deeply";
    case simdjson::CAPACITY:
      return "it is too large";
    default:
      return "it is not well-formed JSON";
  }
}

}  // namespace

Tokenizer Tokenizer::from_json(std::string_view json, std::size_t slack) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (const auto error = parser.parse(json.data(), json.size(), slack < simdjson::SIMDJSON_PADDING).get(root)) {
    if (error == simdjson::MEMALLOC) throw std::bad_alloc();
    throw TokenizerError(TokenizerError::Kind::description,
                         std::string("is not a tokenizer.json: ") + why_not_json(error));
  }
  const JsonView file(root, "$");
  if (const auto version = file.find("version"); version && version->string() != "1.0") {
    version->fail("is '" + std::string(version->string()) + "'; only 1.0 is known");
  }
  Parts parts;
  parts.model = make_model(file.at("model"));
  if (const auto part = file.find("normalizer")) parts.normalizer = make_normalizer(*part);
  if (const auto part = file.find("pre_tokenizer")) parts.pre_tokenizer = make_pre_tokenizer(*part);
  if (const auto part = file.find("post_processor")) parts.post_processor = make_post_processor(*part);
  if (const auto part = file.find("decoder")) parts.decoder = make_decoder(*part);
  if (const auto part = file.find("added_tokens")) parts.added = read_added_tokens(*part);
  if (const auto part = file.find("truncation")) parts.truncation = read_truncation(*part);
  if (const auto part = file.find("padding")) parts.padding = read_padding(*part);
  return Tokenizer(std::move(parts));
}

}  // namespace motet::tokenizer
