#include "value/value.hpp"

#include <thread>

#include "support/catch.hpp"

namespace value = motet::value;
namespace tensor = motet::tensor;

TEST_CASE("a value knows its kind and gives back what it was made of") {
  CHECK(value::make_text("grün")->text() == "grün");
  CHECK(value::make_audio_file("a.wav")->audio().path == "a.wav");
  const value::Ref audio = value::make_audio({{0.0f, 0.5f, 1.0f, -1.0f}, 2, 8000, {}});
  CHECK(audio->kind() == value::Kind::audio);
  CHECK(audio->audio().frames() == 2);
  const value::Ref tokens = value::make_tokens({{5, 6}, {}, {0, 1}, {0, 1, 1, 3}});
  CHECK(tokens->tokens().ids == std::vector<std::int32_t>{5, 6});
  CHECK(value::describe(*tokens) == "tokens[2]");
  const value::Ref image = value::make_image({{1, 2, 3}, 1, 1, 3, {}});
  CHECK(image->image().pixels[2] == 3);
  tensor::HostTensor host(tensor::DType::f32, {2, 3});
  host.as<float>()[5] = 7;
  const value::Ref made = value::make_tensor(std::move(host));
  CHECK(made->tensor().as<float>()[5] == 7);
  CHECK(value::describe(*made) == "f32[2, 3]");
}

TEST_CASE("passing a value on copies nothing and counts its holders") {
  const value::Ref text = value::make_text(std::string(1 << 20, 'x'));
  CHECK(text->references() == 1);
  {
    const value::Ref other = text;  // NOLINT(performance-unnecessary-copy-initialization): counted
    CHECK(other.get() == text.get());
    CHECK(other->text().data() == text->text().data());
    CHECK(text->references() == 2);
    value::Ref moved = value::Ref(other);
    const value::Ref taken = std::move(moved);
    CHECK(text->references() == 3);
  }
  CHECK(text->references() == 1);
}

TEST_CASE("a list holds its items") {
  value::Ref item = value::make_text("one");
  const value::Ref list = value::make_list({item, value::make_text("two")});
  CHECK(item->references() == 2);
  item = {};
  REQUIRE(list->list().size() == 2);
  CHECK(list->list()[0]->text() == "one");
  CHECK(list->list()[0]->references() == 1);
  CHECK(value::describe(*list) == "list of 2");
}

TEST_CASE("a reference can be given away and taken back") {
  value::Ref text = value::make_text("x");
  const value::Value* raw = text.release();
  CHECK_FALSE(text);
  CHECK(raw->references() == 1);
  const value::Ref again = value::Ref::adopt(raw);
  CHECK(again->text() == "x");
}

TEST_CASE("threads may hold and drop one value at the same time") {
  const value::Ref text = value::make_text("shared");
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 10000; ++i) {
        const value::Ref mine = text;  // NOLINT(performance-unnecessary-copy-initialization): counted
        if (mine->text() != "shared") ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
  CHECK(text->references() == 1);
}
