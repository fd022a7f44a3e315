// The BPE model of a tokenizer.json.
#include "tokenizer/bpe.hpp"

namespace motet::tokenizer {
namespace {

struct Pair {
  std::string_view left, right;
};

// "left right" (the older way to write it) or ["left", "right"].
Pair read_pair(simdjson::dom::element item, const JsonView& list, std::size_t index) {
  std::string_view text;
  if (item.get(text) == simdjson::SUCCESS) {
    const std::size_t blank = text.find(' ');
    if (blank != text.npos && text.find(' ', blank + 1) == text.npos) {
      return {text.substr(0, blank), text.substr(blank + 1)};
    }
  }
  simdjson::dom::array both;
  Pair pair;
  if (item.get(both) == simdjson::SUCCESS && both.size() == 2 && both.at(0).get(pair.left) == simdjson::SUCCESS &&
      both.at(1).get(pair.right) == simdjson::SUCCESS) {
    return pair;
  }
  fail_description(list.place() + '[' + std::to_string(index) + ']',
                   "wanted two tokens, as \"left right\" or [\"left\", \"right\"]");
}

MergeTable read_merges(const JsonView& list, const Vocabulary& vocabulary, std::size_t prefix_size) {
  const simdjson::dom::array items = list.array();
  std::size_t count = 0;
  for ([[maybe_unused]] const auto item : items) ++count;
  MergeReader merges(vocabulary, count, prefix_size, list.place());
  std::size_t index = 0;
  for (const simdjson::dom::element item : items) {
    std::string_view text;
    if (item.get(text) == simdjson::SUCCESS && text.starts_with("#version")) {
      ++index;
      continue;
    }
    const Pair pair = read_pair(item, list, index);
    merges.add(pair.left, pair.right, index++);
  }
  return merges.finish();
}

}  // namespace

std::unique_ptr<const Model> make_bpe(const JsonView& json) {
  BpeOptions options;
  if (const auto unknown = json.find("unk_token")) options.unknown = std::string(unknown->string());
  options.continuing_prefix = json.string_or("continuing_subword_prefix", "");
  options.end_suffix = json.string_or("end_of_word_suffix", "");
  options.fuse_unknown = json.boolean_or("fuse_unk", false);
  options.byte_fallback = json.boolean_or("byte_fallback", false);
  options.ignore_merges = json.boolean_or("ignore_merges", false);
  if (const auto dropout = json.find("dropout"); dropout && dropout->number() != 0) {
    dropout->fail("makes tokens random, which is for training; set it to null");
  }
  Vocabulary vocabulary = read_vocabulary(json.at("vocab"));
  MergeTable merges = read_merges(json.at("merges"), vocabulary, options.continuing_prefix.size());
  return std::make_unique<Bpe>(std::move(vocabulary), std::move(merges), std::move(options));
}

}  // namespace motet::tokenizer
