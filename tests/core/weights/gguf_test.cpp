#include "weights/gguf.hpp"

#include "base/error.hpp"
#include "core/weights/little_files.hpp"
#include "support/catch.hpp"
#include "tensor/blocks.hpp"

using namespace motet;
using little::raw;
using little::text;

namespace {

// What reading everything in the file is refused with; empty where all is well.
std::string refusal(const std::string& bytes) {
  const auto path = little::write("bad.gguf", bytes);
  try {
    const auto file = weights::open(path);
    for (const std::string& name : file->names()) file->find(name);
    for (const weights::MetadataEntry& entry : file->metadata()->entries()) {
      if (entry.element == weights::MetadataType::string) weights::strings_of(entry);
      if (weights::is_number(entry.element)) weights::floats_of(entry);
    }
    return {};
  } catch (const base::Error& error) {
    CHECK(error.kind() == base::ErrorKind::user);
    const std::string what = error.what();
    CHECK(what.find('\n') == std::string::npos);
    CHECK(what.starts_with(path.string() + ": "));
    return what;
  }
}

bool says(const std::string& what, const std::string& part) {
  INFO(what);
  CHECK(what.find(part) != std::string::npos);
  return what.find(part) != std::string::npos;
}

std::string with_tensor(const std::vector<std::uint64_t>& sizes, std::uint32_t type, std::uint64_t offset,
                        std::size_t data_bytes) {
  little::Gguf g;
  g.tensor("t", sizes, type, offset);
  g.data = std::string(data_bytes, '\0');
  return refusal(g.bytes());
}

}  // namespace

TEST_CASE("GGUF: tensors by name, outermost dimension first") {
  const auto path = little::write("good.gguf", little::small_gguf().bytes());
  const auto file = weights::open(path);
  CHECK(file->format() == "gguf");
  CHECK(file->names() == std::vector<std::string>{"plain", "blocks"});
  const weights::TensorView* plain = file->find("plain");
  CHECK(plain->shape == tensor::Shape{2, 3});
  CHECK(reinterpret_cast<const float*>(plain->bytes.data())[5] == 6.0f);
  const weights::TensorView* blocks = file->find("blocks");
  CHECK(blocks->dtype == tensor::DType::q4_1);
  CHECK(blocks->shape == tensor::Shape{2, 32});
  CHECK(blocks->bytes.size() == 40);
  CHECK(reinterpret_cast<std::uintptr_t>(blocks->bytes.data()) % 32 == 0);
}

TEST_CASE("GGUF: typed key-values, also without tensors") {
  const auto path = little::write("good.gguf", little::small_gguf().bytes());
  const auto m = weights::Metadata::open(path);
  CHECK(m->get_string("general.architecture") == "llama");
  CHECK(m->get_int("llama.block_count") == 2);
  CHECK(m->get_int("negative") == -5);
  CHECK(m->get_int("big") == std::int64_t{1} << 40);
  CHECK(m->get_float("llama.rope.freq_base") == 10000.5);
  CHECK(m->get_float("llama.block_count") == 2.0);
  CHECK(m->get_bool("llama.tied") == true);
  CHECK(m->get_strings("tokens") == std::vector<std::string_view>{"a", "", "\xC4\xA0z"});
  CHECK(m->get_floats("scores") == std::vector<double>{0.5, -1.0});
  CHECK(m->get_ints("types") == std::vector<std::int64_t>{1, -2});
  CHECK(m->get_floats("types") == std::vector<double>{1.0, -2.0});
  CHECK(m->entries().size() == 9);
  CHECK_FALSE(m->get_string("missing"));
  CHECK_FALSE(m->get_strings("missing"));
  CHECK_THROWS_WITH(m->get_int("general.architecture"),
                    Catch::Contains("'general.architecture' is string, wanted integer"));
  CHECK_THROWS_WITH(m->get_string("tokens"), Catch::Contains("'tokens' is a list of string, wanted text"));
  CHECK_THROWS_WITH(m->get_bool("llama.block_count"), Catch::Contains("wanted true or false"));
  CHECK_THROWS_WITH(m->get_ints("scores"), Catch::Contains("'scores' is a list of f32, wanted a list of integer"));
  CHECK_THROWS_WITH(m->get_strings("general.architecture"), Catch::Contains("wanted a list of text"));

  const auto file = weights::open(path);
  CHECK(file->metadata()->get_int("llama.block_count") == 2);
}

TEST_CASE("GGUF: an empty list is a list of anything, and u64 has a limit") {
  little::Gguf g;
  g.add_list("none", 4, 0, "");
  g.add("huge", 10, ~std::uint64_t{0});
  const auto m = weights::Metadata::open(little::write("list.gguf", g.bytes()));
  CHECK(m->get_strings("none")->empty());
  CHECK(m->get_floats("none")->empty());
  CHECK(m->get_float("huge") == 18446744073709551615.0);
  CHECK_THROWS_WITH(m->get_int("huge"), Catch::Contains("more than Motet can count"));
}

TEST_CASE("GGUF: other versions and formats are named") {
  little::Gguf g = little::small_gguf();
  for (std::uint32_t version : {0u, 1u, 2u, 4u, 77u}) {
    g.version = version;
    says(refusal(g.bytes()), "has GGUF version " + std::to_string(version));
  }
  g.version = 0x03000000;
  says(refusal(g.bytes()), "big-endian");
  says(refusal("GGML" + std::string(40, '\0')), "does not begin with GGUF");
}

TEST_CASE("GGUF: every malformed section is refused") {
  const auto entry = [](const std::string& bytes) {
    little::Gguf g;
    g.entries.push_back(bytes);
    return refusal(g.bytes() + std::string(64, '\0'));
  };
  const auto type = [](std::uint32_t number) { return raw(number); };
  says(entry(text("") + type(4) + raw(1u)), "is empty, too long or not UTF-8");
  says(entry(text("\xFF") + type(4) + raw(1u)), "is empty, too long or not UTF-8");
  says(entry(text("k") + type(13) + raw(1u)), "unknown type 13");
  says(entry(text("k") + type(9) + type(9) + raw(std::uint64_t{1})), "lists within a list");
  says(entry(text("k") + type(9) + type(99) + raw(std::uint64_t{1})), "unknown type 99");
  says(entry(text("k") + type(9) + type(4) + raw(~std::uint64_t{0})), "claims 18446744073709551615 values");
  says(entry(text("k") + type(9) + type(8) + raw(~std::uint64_t{0} / 8)), "strings, more than the file holds");
  says(entry(text("k") + type(8) + raw(~std::uint64_t{0} - 3)), "ends within a value");
  says(entry(text("k") + type(7) + raw(std::uint8_t{2})), "neither 0 nor 1");
  says(entry(raw(~std::uint64_t{0}) + type(7)), "ends within a key");

  little::Gguf twice;
  twice.add("k", 4, 1u);
  twice.add("k", 4, 2u);
  says(refusal(twice.bytes()), "the key 'k' is there twice");

  const std::string counts = "GGUF" + raw(3u);
  says(refusal(counts + raw(~std::uint64_t{0}) + raw(std::uint64_t{0}) + std::string(100, '\0')),
       "claims 18446744073709551615 tensors");
  says(refusal(counts + raw(std::uint64_t{0}) + raw(std::uint64_t{1} << 60) + std::string(100, '\0')),
       "claims 0 tensors and");
}

TEST_CASE("GGUF: every malformed tensor is refused") {
  CHECK(with_tensor({4, 2}, 0, 0, 32).empty());
  CHECK(with_tensor({}, 0, 0, 4).empty());
  CHECK(with_tensor({0, 4}, 0, 0, 0).empty());
  says(with_tensor({1, 1, 1, 1, 1}, 0, 0, 4), "5 dimensions");
  says(with_tensor({4, 2}, 0, 0, 31), "reaches to byte 32 of 31");
  says(with_tensor({4, 2}, 0, 16, 64), "not a multiple of 32");
  says(with_tensor({4, 2}, 0, 64, 32), "begins at byte 64 of 32");
  says(with_tensor({4, 2}, 0, ~std::uint64_t{31}, 32), "begins at byte");
  says(with_tensor({std::uint64_t{1} << 62, 4}, 0, 0, 32), "impossible shape");
  says(with_tensor({std::uint64_t{1} << 63}, 0, 0, 32), "impossible shape");
  says(with_tensor({std::uint64_t{1} << 32, std::uint64_t{1} << 32}, 24, 0, 32), "impossible shape");
  says(with_tensor({33}, 8, 0, 64), "not whole blocks of Q8_0");
  says(with_tensor({16, 2}, 2, 0, 64), "not whole blocks of Q4_0");
  says(with_tensor({}, 2, 0, 64), "not whole blocks of Q4_0");

  const auto two = [](std::string_view first, std::string_view second, std::uint64_t offset) {
    little::Gguf g;
    g.tensor(first, {16}, 0, 0);
    g.tensor(second, {8}, 0, offset);
    g.data = std::string(96, '\0');
    return refusal(g.bytes());
  };
  CHECK(two("a", "b", 64).empty());
  says(two("a", "b", 32), "the tensors 'a' and 'b' overlap");
  says(two("a", "b", 0), "overlap");
  says(two("a", "a", 64), "the tensor 'a' is there twice");
  says(two("a", "", 64), "is empty or not UTF-8");
  says(two("a", "\xC0", 64), "is empty or not UTF-8");

  little::Gguf g = little::small_gguf();
  g.add("general.alignment", 4, 24u);
  says(refusal(g.bytes()), "general.alignment is 24");
}

TEST_CASE("GGUF: another alignment") {
  little::Gguf g;
  g.alignment = 256;
  g.add("general.alignment", 4, 256u);
  g.tensor("t", {1}, 0, 256);
  g.data = std::string(256, '\0') + raw(7.0f);
  const auto file = weights::open(little::write("aligned.gguf", g.bytes()));
  CHECK(*reinterpret_cast<const float*>(file->find("t")->bytes.data()) == 7.0f);
}

TEST_CASE("GGUF: every quantisation that is read, by its number and size") {
  struct Expected {
    std::uint32_t number;
    tensor::DType dtype;
    std::uint64_t elements, bytes;
  };
  for (const Expected& e : {Expected{2, tensor::DType::q4_0, 64, 36}, Expected{3, tensor::DType::q4_1, 64, 40},
                            Expected{6, tensor::DType::q5_0, 64, 44}, Expected{7, tensor::DType::q5_1, 64, 48},
                            Expected{8, tensor::DType::q8_0, 64, 68}, Expected{12, tensor::DType::q4_K, 512, 288},
                            Expected{13, tensor::DType::q5_K, 512, 352}, Expected{14, tensor::DType::q6_K, 512, 420}}) {
    INFO(e.number);
    little::Gguf g;
    g.tensor("q", {e.elements, 3}, e.number, 0);
    g.data = std::string(3 * e.bytes, '\0');
    const auto file = weights::open(little::write("blocks.gguf", g.bytes()));
    const weights::TensorView* q = file->find("q");
    CHECK(q->dtype == e.dtype);
    CHECK(q->bytes.size() == 3 * e.bytes);
    // Rows of a part of a block are no rows.
    g.infos.clear();
    g.tensor("q", {e.elements / 2 + 16, 3}, e.number, 0);
    CHECK_THROWS_WITH(weights::open(little::write("part.gguf", g.bytes())), Catch::Contains("whole blocks"));
  }
}

TEST_CASE("GGUF: a tensor of another quantisation is an error only when it is asked for") {
  little::Gguf g;
  g.tensor("q", {256}, 10, 0);
  g.tensor("new", {256}, 1234, 0);
  g.tensor("f", {1}, 0, 224);
  g.data = std::string(228, '\0');
  const auto file = weights::open(little::write("other.gguf", g.bytes()));
  CHECK(file->names().size() == 3);
  CHECK(file->find("f") != nullptr);
  CHECK_THROWS_WITH(file->find("q"), Catch::Contains("the tensor 'q' has the type Q2_K, which Motet cannot use"));
  CHECK_THROWS_WITH(file->find("new"), Catch::Contains("the type number 1234"));
}

TEST_CASE("GGUF: no cut and no flipped byte breaks the reader") {
  const std::string good = little::small_gguf().bytes();
  REQUIRE(refusal(good).empty());
  for (std::size_t length = 0; length < good.size(); ++length) {
    INFO(length);
    CHECK_FALSE(refusal(good.substr(0, length)).empty());
  }
  std::size_t refused = 0;
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (int mask : {0x01, 0x10, 0x80, 0xFF}) {
      std::string bad = good;
      bad[at] = static_cast<char>(bad[at] ^ mask);
      refused += refusal(bad).empty() ? 0 : 1;
    }
  }
  CHECK(refused > good.size());
}

TEST_CASE("GGUF: fifty thousand strings are cheap and not copied") {
  constexpr std::uint64_t kCount = 50'000;
  std::string values;
  for (std::uint64_t i = 0; i < kCount; ++i) values += text("token" + std::to_string(i));
  little::Gguf g;
  g.add_list("tokens", 8, kCount, values);
  const auto m = weights::Metadata::open(little::write("many.gguf", g.bytes()));
  const auto tokens = m->get_strings("tokens");
  REQUIRE(tokens->size() == kCount);
  CHECK(tokens->back() == "token49999");
  const weights::MetadataEntry* entry = m->find("tokens");
  const char* begin = reinterpret_cast<const char*>(entry->bytes.data());
  CHECK(tokens->front().data() == begin + 8);  // a view into the file
  CHECK(tokens->back().data() + tokens->back().size() == begin + entry->bytes.size());
}
