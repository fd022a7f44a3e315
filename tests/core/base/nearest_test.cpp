#include "base/nearest.hpp"

#include "support/catch.hpp"

using namespace motet::base;

TEST_CASE("distances") {
  CHECK(edit_distance("", "") == 0);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance("nmae", "name") == 1);  // neighbours swapped
  CHECK(edit_distance("ca", "abc") == 3);     // optimal string alignment: a swapped pair is not edited again
  CHECK(edit_distance("same", "same") == 0);
}

TEST_CASE("nearest first, and nothing that is far") {
  const std::vector<std::string> known = {"weights", "width", "with", "use"};
  CHECK(nearest("wiht", known) == std::vector<std::string>{"with"});
  CHECK(nearest("wieghts", known, 3) == std::vector<std::string>{"weights"});
  CHECK(nearest("widh", known, 5) == std::vector<std::string>{"width", "with"});
  CHECK(nearest("widh", known) == std::vector<std::string>{"width"});
  CHECK(nearest("banana", known).empty());
  CHECK(nearest("", known).empty());
  CHECK(nearest("us", {"use", "is"}, 5) == std::vector<std::string>{"use", "is"});  // ties stay in order
  CHECK(nearest(std::string(100'000, 'x'), known).empty());
}

TEST_CASE("a suggestion is the nearest name, or the names there are") {
  CHECK(suggestion("uses", {"use", "with"}) == "did you mean 'use'?");
  CHECK(suggestion("zzz", {"use", "with"}) == "known: use, with");
  CHECK(suggestion("zzz", {"aa1", "bb2", "cc3", "dd4", "ee5", "ff6", "gg7", "hh8", "ii9"}) ==
        "known: aa1, bb2, cc3, dd4, ee5, ff6, gg7, hh8, ...");
  CHECK(suggestion("x", {}).empty());
}

TEST_CASE("dotted names: words the wrong way round, and names that share a word") {
  const std::vector<std::string> known = {"audio.waveform", "encoder.transformer", "retrieval.pool", "retrieval.rank"};
  CHECK(suggestion("transformer.encoder", known) == "did you mean 'encoder.transformer'?");
  CHECK(suggestion("transformr.encoder", known) == "did you mean 'encoder.transformer'?");
  CHECK(suggestion("retrieval.nearest", known) == "known: retrieval.pool, retrieval.rank, ...");
  CHECK(suggestion("vision.vit", known) ==
        "known: audio.waveform, encoder.transformer, retrieval.pool, retrieval.rank");
}
