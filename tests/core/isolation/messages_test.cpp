#include "isolation/messages.hpp"

#include "support/catch.hpp"

using namespace motet;
using namespace motet::isolation;

namespace {

std::shared_ptr<Arena> arena() { return std::make_shared<Arena>(memory_file("motet-test", 0)); }

// Tensors by their number, as if lent.
struct Sent {
  std::vector<value::Ref> tensors;
  PutTensor put() {
    return [this](const value::Value& tensor) {
      tensors.push_back(value::Ref::share(&tensor));
      return TensorBytes{tensors.size(), 0, {0, 0, 0, tensor.tensor().size_bytes()}};
    };
  }
  GetTensor get() {
    return [this](const TensorBytes& bytes, const tensor::TensorType&) { return tensors[bytes.lent - 1]; };
  }
};

value::Ref there_and_back(const value::Ref& value) {
  const auto memory = arena();
  Writer to(*memory);
  Sent sent;
  put_value(to, value.get(), sent.put());
  Reader from(to.bytes());
  value::Ref out = get_value(from, sent.get());
  CHECK(from.rest().empty());
  return out;
}

}  // namespace

TEST_CASE("each kind of value arrives as it was") {
  CHECK_FALSE(there_and_back({}));
  CHECK(there_and_back(value::make_text("größer"))->text() == "größer");
  CHECK(there_and_back(value::make_text(""))->text().empty());
  value::Image image;
  image.pixels = {1, 2, 3, 4, 5, 6};
  image.height = 1;
  image.width = 2;
  image.channels = 3;
  const value::Ref picture = there_and_back(value::make_image(image));
  CHECK(picture->image().pixels == image.pixels);
  CHECK(picture->image().width == 2);
  CHECK(there_and_back(value::make_image_file("a.png"))->image().path == "a.png");
  value::Audio audio;
  audio.samples = {0.5f, -0.5f};
  audio.channels = 2;
  audio.rate_hz = 16000;
  const value::Ref sound = there_and_back(value::make_audio(audio));
  CHECK(sound->audio().samples == audio.samples);
  CHECK(sound->audio().rate_hz == 16000);
  CHECK(there_and_back(value::make_audio_file("a.wav"))->audio().path == "a.wav");
  value::Tokens tokens;
  tokens.ids = {7, 8};
  tokens.feature = {-1, 0};
  tokens.offsets = {0, 1, 1, 3};
  const value::Ref words = there_and_back(value::make_tokens(tokens));
  CHECK(words->tokens().ids == tokens.ids);
  CHECK(words->tokens().feature == tokens.feature);
  CHECK(words->tokens().type_ids.empty());
  CHECK(words->tokens().offsets == tokens.offsets);
}

TEST_CASE("tensors are not copied, in lists neither") {
  const value::Ref tensor = value::make_tensor(tensor::HostTensor(tensor::DType::f32, {2, 3}));
  CHECK(there_and_back(tensor).get() == tensor.get());
  const value::Ref list = there_and_back(value::make_list({value::make_list({tensor}), value::make_text("x")}));
  REQUIRE(list->list().size() == 2);
  CHECK(list->list()[0]->list()[0].get() == tensor.get());
}

TEST_CASE("lists that lie too deep in each other are the item's failure") {
  value::Ref deep = value::make_text("x");
  for (int i = 0; i < 300; ++i) deep = value::make_list({deep});
  try {
    there_and_back(deep);
    FAIL("nothing was thrown");
  } catch (const base::Error& error) {
    CHECK(error.kind() == base::ErrorKind::item);
  }
}

TEST_CASE("a message that ends too early or says impossible things is nonsense, wherever it does") {
  const auto memory = arena();
  Writer to(*memory);
  Sent sent;
  value::Tokens tokens;
  tokens.ids = {7, 8};
  tokens.type_ids = {0, 1};
  value::Ref tensor = value::make_tensor(tensor::HostTensor(tensor::DType::f32, {2}));
  put_value(to, value::make_list({value::make_text("text"), value::make_tokens(tokens), tensor}).get(), sent.put());
  const std::span<const std::byte> whole = to.bytes();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    Reader from(whole.first(size));
    CHECK_THROWS_AS(get_value(from, sent.get()), Nonsense);
  }
  // Any byte may be any other: read or refused, and nothing else.
  std::size_t refused = 0;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::vector<std::byte> bytes(whole.begin(), whole.end());
      bytes[at] ^= static_cast<std::byte>(1 << bit);
      Reader from(bytes);
      try {
        get_value(from, [&](const TensorBytes&, const tensor::TensorType&) { return tensor; });
      } catch (const Nonsense&) {
        ++refused;
      }
    }
  }
  CHECK(refused > whole.size());
}

TEST_CASE("parameters and specs arrive as they were") {
  const auto memory = arena();
  Writer to(*memory);
  const std::vector<host::ParamValue> params{
      {"a", MOTET_PARAM_STRING, std::monostate()}, {"b", MOTET_PARAM_BOOL, true},
      {"c", MOTET_PARAM_INT, std::int64_t{-5}},    {"d", MOTET_PARAM_FLOAT, 0.25},
      {"e", MOTET_PARAM_PATH, std::string("/x")},  {"f", MOTET_PARAM_STRINGS, std::vector<std::string>{"p", ""}}};
  for (const host::ParamValue& param : params) put_param(to, param);
  const host::TensorSpec spec{tensor::DType::i32, {tensor::Dim::number(3), tensor::Dim::of_symbol(9)}};
  put_spec(to, spec);
  Reader from(to.bytes());
  for (const host::ParamValue& param : params) {
    const host::ParamValue read = get_param(from);
    CHECK(read.name == param.name);
    CHECK(read.kind == param.kind);
    CHECK(read.value == param.value);
  }
  CHECK(get_spec(from) == spec);
}

TEST_CASE("an error is thrown on the other side as what it was") {
  const auto memory = arena();
  Writer to(*memory);
  const auto thrown = [&](const base::Error& error) {
    to.begin();
    put_error(to, error);
    Reader from(to.bytes());
    throw_error(from, "s", "t");
  };
  try {
    thrown(host::StageError("s", "t", host::Phase::process, {MOTET_IO, "with.file", "it is gone"}));
  } catch (const host::StageError& error) {
    CHECK(error.kind() == base::ErrorKind::item);
    CHECK(error.path() == "with.file");
    CHECK(error.message() == "it is gone");
  }
  try {
    thrown(host::StageError("s", "t", host::Phase::create, {MOTET_IO, "", "it is gone"}));
  } catch (const host::StageError& error) {
    CHECK(error.kind() == base::ErrorKind::user);
  }
  try {
    thrown(host::StageError::broken("s", "t", 9, "wrong"));
  } catch (const host::StageError& error) {
    CHECK(error.obligation() == 9);
    CHECK(std::string(error.what()) == "stage 's' (t): [C009] wrong");
  }
  try {
    thrown(base::Error(base::ErrorKind::environment, "no room", "make some"));
  } catch (const base::Error& error) {
    CHECK(error.kind() == base::ErrorKind::environment);
    CHECK(error.help() == "make some");
  }
}
