#include "tokenizer/unigram.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace motet::tokenizer {
namespace {

constexpr double kUnknownPenalty = 10.0;
constexpr std::uint32_t kUnreached = 0xFFFFFFFF;

// The score as the reference reads it: all digits as one whole number, rounded, then divided by a power of ten. That is
// now and then one unit in the last place off, which decides between cuts whose sums are equal but for rounding.
double reference_score(double score) {
  static constexpr std::array kPowers = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                         1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  char text[40];
  const char* end = std::to_chars(text, text + sizeof text, score, std::chars_format::scientific).ptr;
  std::uint64_t digits = 0;
  int exponent = 0;
  const char* at = text;
  bool fraction = false;
  for (; at != end && *at != 'e'; ++at) {
    if (*at == '.') fraction = true;
    if (*at < '0' || *at > '9') continue;
    digits = digits * 10 + static_cast<std::uint64_t>(*at - '0');
    exponent -= fraction;
  }
  int written = 0;
  if (at != end) std::from_chars(at + (at[1] == '+' ? 2 : 1), end, written);
  exponent += written;
  if (exponent > 0 || exponent <= -static_cast<int>(kPowers.size())) return score;
  const double magnitude = static_cast<double>(digits) / kPowers[-exponent];
  return score < 0 ? -magnitude : magnitude;
}

}  // namespace

// For each byte that ends a token: the best way to get there.
struct Unigram::Lattice : Model::Workspace {
  struct Node {
    double score = 0;
    std::uint32_t begin = kUnreached;
    TokenId id = 0;
  };
  std::vector<Node> nodes;
  std::vector<Span> path;

  void offer(std::size_t end, double score, std::size_t begin, TokenId id) {
    Node& node = nodes[end];
    if (node.begin == kUnreached || score > node.score) node = {score, static_cast<std::uint32_t>(begin), id};
  }
};

Unigram::Unigram(Vocabulary vocabulary, std::vector<double> scores, std::optional<TokenId> unknown, bool byte_fallback)
    : Model(std::move(vocabulary)), scores_(std::move(scores)), unknown_(unknown), byte_fallback_(byte_fallback) {
  double lowest = std::numeric_limits<double>::infinity();
  for (const double score : scores_) lowest = std::min(lowest, score);
  unknown_score_ = lowest - kUnknownPenalty;
  std::vector<PrefixTrie::Key> keys;
  keys.reserve(this->vocabulary().size());
  for (TokenId id = 0; id < this->vocabulary().id_end(); ++id) {
    const std::string_view text = this->vocabulary().text(id);
    if (!text.empty() && this->vocabulary().find(text) == id) keys.push_back({text, id});
  }
  trie_ = PrefixTrie(std::move(keys));
}

std::unique_ptr<Model::Workspace> Unigram::make_workspace() const { return std::make_unique<Lattice>(); }

void Unigram::search(std::string_view word, Lattice& lattice) const {
  lattice.nodes.assign(word.size() + 1, {});
  for (std::size_t begin = 0; begin < word.size();) {
    const double so_far = lattice.nodes[begin].score;
    const std::size_t size = utf8_lead_size(word[begin]);
    bool has_single = false;
    trie_.each_prefix(word.substr(begin), [&](std::size_t length, TokenId id) {
      lattice.offer(begin + length, scores_[id] + so_far, begin, id);
      has_single = has_single || length == size;
    });
    if (!has_single) {
      if (!unknown_) {
        fail_text("'" + std::string(word.substr(begin, size)) +
                  "' is not in the vocabulary, which has no unknown token");
      }
      lattice.offer(begin + size, unknown_score_ + so_far, begin, *unknown_);
    }
    begin += size;
  }
}

void Unigram::push(std::string_view word, std::uint32_t begin, std::uint32_t end, std::vector<Token>& out) const {
  const std::string_view text = word.substr(begin, end - begin);
  if (const TokenId id = vocabulary().find(text); id != kNoToken) {
    out.push_back({id, begin, end});
    return;
  }
  if (byte_fallback_) {
    const std::size_t before = out.size();
    for (const char c : text) {
      const TokenId id = vocabulary().find(byte_token_name(static_cast<unsigned char>(c)));
      if (id == kNoToken) break;
      out.push_back({id, begin, end});
    }
    if (out.size() - before == text.size()) return;
    out.resize(before);
  }
  out.push_back({*unknown_, begin, end});
}

void Unigram::tokenize(std::string_view word, Workspace* workspace, std::vector<Token>& out) const {
  auto& lattice = static_cast<Lattice&>(*workspace);
  search(word, lattice);
  lattice.path.clear();
  bool after_unknown = false;
  for (auto end = static_cast<std::uint32_t>(word.size()); end > 0;) {
    const Lattice::Node& node = lattice.nodes[end];
    const bool is_unknown = unknown_ && node.id == *unknown_;
    if (is_unknown && after_unknown) {
      lattice.path.back().begin = node.begin;  // neighbouring unknown characters are one token
    } else {
      lattice.path.push_back({node.begin, end});
    }
    after_unknown = is_unknown;
    end = node.begin;
  }
  for (auto part = lattice.path.rbegin(); part != lattice.path.rend(); ++part) push(word, part->begin, part->end, out);
}

std::unique_ptr<const Model> make_unigram(const JsonView& json) {
  const JsonView list = json.at("vocab");
  const simdjson::dom::array items = list.array();
  Vocabulary vocabulary;
  std::vector<double> scores;
  for (const simdjson::dom::element item : items) {
    simdjson::dom::array both;
    std::string_view text;
    double score = 0;
    if (item.get(both) != simdjson::SUCCESS || both.size() != 2 || both.at(0).get(text) != simdjson::SUCCESS ||
        both.at(1).get(score) != simdjson::SUCCESS) {
      fail_description(list.place() + '[' + std::to_string(scores.size()) + ']', "wanted [\"token\", score]");
    }
    if (scores.size() > kMaxTokenId)
      list.fail("has more tokens than the " + std::to_string(kMaxTokenId) + " supported");
    vocabulary.add(text, static_cast<TokenId>(scores.size()));
    scores.push_back(reference_score(score));
  }
  std::optional<TokenId> unknown;
  if (const auto id = json.find("unk_id")) {
    if (scores.empty()) id->fail("is given, but the vocabulary is empty");
    unknown = static_cast<TokenId>(id->unsigned_integer(scores.size() - 1));
  }
  return std::make_unique<Unigram>(std::move(vocabulary), std::move(scores), unknown,
                                   json.boolean_or("byte_fallback", false));
}

}  // namespace motet::tokenizer
