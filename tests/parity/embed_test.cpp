// MiniLM's vectors are the reference's, whatever the length and the company.
#include "parity/engine.hpp"
#include "support/catch.hpp"
#include "support/npy.hpp"

using namespace motet;
using namespace motet::test;

namespace {

constexpr double kCosine = 0.99999;
constexpr int kLongest = 512;

// The ids of embed.json's "lengths", as make_embed.py draws them.
std::vector<std::int32_t> drawn_ids(int length) {
  std::vector<std::int32_t> out{101};
  auto state = static_cast<std::uint32_t>(length);
  for (int i = 0; i < length - 2; ++i) {
    state = state * 1664525u + 1013904223u;
    out.push_back(static_cast<std::int32_t>(1000 + (state >> 8) % 29000));
  }
  if (length > 1) out.push_back(102);
  return out;
}

// The worst cosine of sentence vectors over these lengths, each an item of its own.
void expect_lengths(const std::string& device, const std::vector<int>& lengths) {
  const nlohmann::json check = golden("embed.json").at("lengths").at("check");
  REQUIRE(drawn_ids(check.at("length")) == ids(check.at("ids")));
  const Array wanted = read_npy(golden_path("embed_lengths.npy"));
  Engine engine(own("embed-ids"), {{"model", model("minilm")}}, device);
  for (int length : lengths) {
    const std::vector<value::Ref> results = engine.run({{"ids", tokens(drawn_ids(length))}});
    INFO("length " << length);
    CHECK(cosine(engine.output(results, "embedding").tensor().as<float>(),
                 wanted.row(static_cast<std::size_t>(length - 1))) >= kCosine);
    const tensor::Shape& hidden = engine.output(results, "hidden").tensor().shape();
    CHECK(hidden[hidden.rank() - 2] == length);  // padding is nobody's vector
  }
}

void expect_bank(const std::string& device) {
  Engine engine(shipped("embed-text"), {{"model", model("minilm")}}, device);
  const Array words = read_npy(golden_path("embed_bank.npy"));
  const Array hidden = read_npy(golden_path("embed_bank_hidden.npy"));
  const nlohmann::json bank = golden("embed.json").at("bank");
  std::vector<std::vector<float>> found;
  for (std::size_t i = 0; i < bank.size(); ++i) {
    const std::vector<value::Ref> results = engine.run({{"text", value::make_text(bank.at(i).at("text"))}});
    const std::span<const float> all = engine.output(results, "hidden").tensor().as<float>();
    const std::size_t width = words.shape.at(1);
    REQUIRE(all.size() == bank.at(i).at("ids").size() * width);
    CHECK(largest_difference(all, hidden.row(i)) <= 1e-4);
    const std::span<const float> word = all.subspan(bank.at(i).at("position").get<std::size_t>() * width, width);
    CHECK(cosine(word, words.row(i)) >= kCosine);
    found.emplace_back(word.begin(), word.end());
  }
  CHECK(std::abs(cosine(found.at(0), found.at(1)) - golden("embed.json").at("bank_cosine").get<double>()) <= 1e-5);
}

}  // namespace

TEST_CASE("embed: every length from 1 to 512, on cpu") {
  std::vector<int> lengths;
  for (int length = 1; length <= kLongest; ++length) lengths.push_back(length);
  expect_lengths("cpu", lengths);
}

TEST_CASE("embed: lengths 1, 2, 31, 128, 511 and 512, on vulkan") {
  expect_lengths("vulkan", {1, 2, 31, 128, 511, 512});
}

TEST_CASE("embed: texts to the reference's vectors, on cpu") {
  Engine engine(shipped("embed-text"), {{"model", model("minilm")}}, "cpu");
  const Array wanted = read_npy(golden_path("embed_texts.npy"));
  const nlohmann::json golden_file = golden("embed.json");
  for (const auto& text : golden_file.at("texts")) {
    INFO(text.at("text"));
    const std::vector<value::Ref> results = engine.run({{"text", value::make_text(text.at("text"))}});
    CHECK(cosine(engine.output(results, "embedding").tensor().as<float>(), wanted.row(text.at("row"))) >= kCosine);
    const tensor::Shape& hidden = engine.output(results, "hidden").tensor().shape();
    CHECK(hidden[hidden.rank() - 2] == static_cast<std::int64_t>(text.at("ids").size()));
  }
}

TEST_CASE("embed: together or alone, the same vectors") {
  const std::string device = GENERATE("cpu", "vulkan");
  INFO(device);
  // Several to a bucket, with the shortest and the longest of it; and some that are alone in theirs.
  const std::vector<int> lengths{1, 2, 3, 9, 10, 13, 14, 13, 33, 34, 39, 40, 40, 57, 100, 112, 97};
  Engine engine(own("embed-ids"), {{"model", model("minilm")}}, device);
  std::vector<runtime::Item> items;
  for (int length : lengths) items.push_back({{{"ids", tokens(drawn_ids(length))}}, nullptr});
  const std::vector<runtime::ItemResult> together = engine.session().run(items);
  REQUIRE(together.size() == items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    INFO("length " << lengths[i]);
    REQUIRE_FALSE(together[i].error);
    const std::vector<value::Ref> alone = engine.run(items[i].inputs);
    for (const char* name : {"embedding", "hidden"}) {
      CHECK(largest_difference(engine.output(together[i], name).tensor().as<float>(),
                               engine.output(alone, name).tensor().as<float>()) <= 1e-5);
    }
  }
}

TEST_CASE("embed: the word bank by a river and with an account, on cpu") { expect_bank("cpu"); }
TEST_CASE("embed: the word bank by a river and with an account, on vulkan") { expect_bank("vulkan"); }
