#include <fstream>

#include "base/error.hpp"
#include "core/weights/little_files.hpp"
#include "support/catch.hpp"
#include "weights/file.hpp"

using namespace motet;
using little::raw;

namespace {

// What opening the file, and asking for every tensor, is refused with; empty where all is well.
std::string refusal(const little::fs::path& path) {
  try {
    const auto file = weights::open(path);
    for (const std::string& name : file->names()) file->find(name);
    return {};
  } catch (const base::Error& error) {
    CHECK(error.kind() == base::ErrorKind::user);
    const std::string text = error.what();
    CHECK(text.find('\n') == std::string::npos);
    return text;
  }
}

std::string refusal(const std::string& header, const std::string& data) {
  const auto path = little::write("bad.safetensors", little::safetensors(little::padded(header), data));
  std::string text = refusal(path);
  const std::string prefix = path.string() + ": ";
  CHECK((text.empty() || text.starts_with(prefix)));
  return text.empty() ? text : text.substr(prefix.size());
}

const std::string kGood =
    R"({"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},)"
    R"("b":{"dtype":"I64","shape":[],"data_offsets":[24,32]},"c":{"dtype":"U8","shape":[0,5],"data_offsets":[32,32]},)"
    R"("d":{"dtype":"BF16","shape":[3],"data_offsets":[32,38]}})";
const std::string kGoodData = little::raws<float>({1, 2, 3, 4, 5, 6}) + raw(std::int64_t{-7}) + std::string(6, '\x40');

}  // namespace

TEST_CASE("safetensors are read by name, in place") {
  const auto path = little::write("good.safetensors", little::safetensors(little::padded(kGood), kGoodData));
  const auto file = weights::open(path);
  CHECK(file->format() == "safetensors");
  CHECK(file->path() == path);
  CHECK(file->metadata() == nullptr);
  CHECK(file->names() == std::vector<std::string>{"a", "b", "c", "d"});
  const weights::TensorView* a = file->find("a");
  REQUIRE(a != nullptr);
  CHECK(a->name == "a");
  CHECK(a->dtype == tensor::DType::f32);
  CHECK(a->shape == tensor::Shape{2, 3});
  REQUIRE(a->bytes.size() == 24);
  CHECK(reinterpret_cast<const float*>(a->bytes.data())[4] == 5.0f);
  CHECK(file->find("b")->shape.rank() == 0);
  CHECK(*reinterpret_cast<const std::int64_t*>(file->find("b")->bytes.data()) == -7);
  CHECK(file->find("c")->bytes.empty());
  CHECK(file->find("d")->dtype == tensor::DType::bf16);
  CHECK(file->find("nothing") == nullptr);
}

TEST_CASE("safetensors: every malformed header is refused") {
  const std::string data(8, '\0');
  const auto one = [](const std::string& fields) { return "{\"x\":{" + fields + "}}"; };
  CHECK(refusal(one(R"("dtype":"F32","shape":[2],"data_offsets":[0,8])"), data).empty());
  CHECK(refusal("[]", "") == "its header does not begin with '{'");
  CHECK(refusal("{", "").find("it is not JSON") != std::string::npos);
  CHECK(refusal(R"({"x":1})", "").find("a number stands at 'x'") != std::string::npos);
  CHECK(refusal(R"({"x":null})", "").find("null stands at 'x'") != std::string::npos);
  CHECK(refusal(R"({"__metadata__":{"a":1}})", "").find("a number stands at 'a'") != std::string::npos);
  CHECK(refusal(R"({"__metadata__":{"a":{}}})", "").find("an object stands where none belongs") != std::string::npos);
  CHECK(refusal(R"({"":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", data).find("has no name") !=
        std::string::npos);
  CHECK(
      refusal(
          R"({"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
          data)
          .find("the key 'x' is there twice") != std::string::npos);
  CHECK(refusal(one(R"("dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8])"), data)
            .find("'dtype' is there twice") != std::string::npos);
  CHECK(refusal(one(R"("dtype":"F32","shape":[2])"), data).find("'x' lacks its dtype, shape or data_offsets") !=
        std::string::npos);
  CHECK(refusal(one(R"("dtype":"F32","shape":[2],"data_offsets":[0,8],"strides":[1])"), data)
            .find("unknown key 'strides'") != std::string::npos);
  CHECK(refusal(one(R"("dtype":"F99","shape":[2],"data_offsets":[0,8])"), data).find("unknown dtype 'F99'") !=
        std::string::npos);
  CHECK(refusal(one(R"("dtype":3,"shape":[2],"data_offsets":[0,8])"), data).find("a number stands at 'dtype'") !=
        std::string::npos);
  CHECK(
      refusal(one(R"("dtype":"F32","shape":"2","data_offsets":[0,8])"), data).find("the text '2' stands at 'shape'") !=
      std::string::npos);
  CHECK(refusal(one(R"("dtype":"F32","shape":[-2],"data_offsets":[0,8])"), data).find("a negative number") !=
        std::string::npos);
  CHECK(refusal(one(R"("dtype":"F32","shape":[2.0],"data_offsets":[0,8])"), data).find("the number '2.0'") !=
        std::string::npos);
  CHECK(refusal(one(R"("dtype":"F32","shape":[[2]],"data_offsets":[0,8])"), data).find("a list stands at 'shape'") !=
        std::string::npos);
  CHECK(refusal(one(R"("dtype":"F32","shape":[2],"data_offsets":[0,8,9])"), data).find("are not two numbers") !=
        std::string::npos);
  CHECK(refusal(one(R"("dtype":"F32","shape":[2],"data_offsets":[8,0])"), data).find("ends before it begins") !=
        std::string::npos);
  CHECK(refusal(one(R"("dtype":"F32","shape":[3],"data_offsets":[0,12])"), data).find("reaches to byte 12 of 8") !=
        std::string::npos);
  CHECK(refusal(one(R"("dtype":"F32","shape":[3],"data_offsets":[0,8])"), data)
            .find("has 8 bytes, but F32[3] takes 12") != std::string::npos);
  CHECK(refusal(one(R"("dtype":"F32","shape":[4294967296,4294967296,4],"data_offsets":[0,8])"), data)
            .find("impossible shape") != std::string::npos);
  CHECK(refusal(one(R"("dtype":"F32","shape":[18446744073709551615],"data_offsets":[0,8])"), data)
            .find("impossible shape") != std::string::npos);
  CHECK(refusal(one(R"("dtype":"F32","shape":[0,4611686018427387904,4],"data_offsets":[0,0])"), "")
            .find("impossible shape") != std::string::npos);
  CHECK(refusal(one(R"("dtype":"F32","shape":[1,1,1,1,1,1,1,1,2],"data_offsets":[0,8])"), data).find("9 dimensions") !=
        std::string::npos);
  CHECK(refusal(one(R"("dtype":"F32","shape":[1],"data_offsets":[0,4])"), data)
            .find("has 4 bytes after its last tensor") != std::string::npos);
  CHECK(refusal(one(R"("dtype":"F32","shape":[1],"data_offsets":[4,8])"), data)
            .find("bytes 0 to 4 belong to no tensor") != std::string::npos);
  CHECK(
      refusal(
          R"({"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"y":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
          data)
          .find("the tensors 'x' and 'y' overlap") != std::string::npos);
}

TEST_CASE("safetensors: lengths that lie are refused before anything is read") {
  const auto whole = [](const std::string& bytes) { return refusal(little::write("bad.safetensors", bytes)); };
  CHECK(whole("").find("has 0 bytes, too few") != std::string::npos);
  CHECK(whole("1234567").find("has 7 bytes, too few") != std::string::npos);
  CHECK(whole(raw(~std::uint64_t{0}) + "{}").find("more than safetensors allows") != std::string::npos);
  CHECK(whole(raw(std::uint64_t{100'000'001}) + "{}").find("more than safetensors allows") != std::string::npos);
  CHECK(whole(raw(std::uint64_t{3}) + "{}").find("ends within its header") != std::string::npos);
  CHECK(whole(raw(std::uint64_t{2}) + "{}").empty());
}

TEST_CASE("safetensors: what Motet cannot use is an error only when it is asked for") {
  const std::string header =
      R"({"f":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"q":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[4,5]},)"
      R"("m":{"dtype":"F32","shape":[1],"data_offsets":[5,9]}})";
  const auto file = weights::open(
      little::write("odd.safetensors", little::safetensors(little::padded(header), std::string(9, '\0'))));
  CHECK(file->names().size() == 3);
  CHECK(file->find("f") != nullptr);
  CHECK_THROWS_WITH(file->find("q"), Catch::Contains("the tensor 'q' has the type F8_E4M3, which Motet cannot use"));
  CHECK_THROWS_WITH(file->find("m"), Catch::Contains("the tensor 'm' does not begin at a multiple of 4 bytes"));
}

TEST_CASE("safetensors: no cut and no flipped byte breaks the reader") {
  const std::string good = little::safetensors(little::padded(kGood), kGoodData);
  for (std::size_t length = 0; length < good.size(); ++length) {
    INFO(length);
    CHECK_FALSE(refusal(little::write("cut.safetensors", good.substr(0, length))).empty());
  }
  const std::size_t header_end = 8 + little::padded(kGood).size();
  std::size_t refused = 0;
  for (std::size_t at = 0; at < header_end; ++at) {
    for (int mask : {0x01, 0x10, 0x80, 0xFF}) {
      std::string bad = good;
      bad[at] = static_cast<char>(bad[at] ^ mask);
      refused += refusal(little::write("flip.safetensors", bad)).empty() ? 0 : 1;
    }
  }
  CHECK(refused > header_end * 3);  // a name may become another name
}

TEST_CASE("a folder in the Hugging Face layout, whole or in shards") {
  const auto tensor = [](const std::string& name) {
    return R"({")" + name + R"(":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})";
  };
  const auto shard = [&](const std::string& name, float value) {
    return little::safetensors(little::padded(tensor(name)), raw(value));
  };
  little::write("whole/model.safetensors", shard("a", 1));
  CHECK(weights::open(little::scratch() / "whole")->names() == std::vector<std::string>{"a"});

  const auto folder = little::scratch() / "shards";
  const auto index = [&](const std::string& text) {
    little::write("shards/model.safetensors.index.json", text);
    return refusal(folder);
  };
  little::write("shards/one.safetensors", shard("a", 1));
  little::write("shards/two.safetensors", shard("b", 2));
  CHECK(
      index(
          R"({"metadata":{"total_size":8,"more":[1,{"x":null}]},"weight_map":{"b":"two.safetensors","a":"one.safetensors"}})")
          .empty());
  const auto file = weights::open(folder);
  CHECK(file->names() == std::vector<std::string>{"a", "b"});
  CHECK(*reinterpret_cast<const float*>(file->find("b")->bytes.data()) == 2.0f);
  CHECK(weights::open(folder / "model.safetensors.index.json")->names().size() == 2);

  CHECK(index(R"({"weight_map":{"a":"one.safetensors","b":"three.safetensors"}})")
            .find("names the shard 'three.safetensors', which is not there") != std::string::npos);
  CHECK(
      index(R"({"weight_map":{"b":"one.safetensors"}})").find("says that 'b' is in 'one.safetensors', but it is not") !=
      std::string::npos);
  CHECK(index(R"({"weight_map":{"a":"../one.safetensors"}})").find("is not a file name") != std::string::npos);
  CHECK(index(R"({"weight_map":{"a":"/etc/passwd"}})").find("is not a file name") != std::string::npos);
  CHECK(index(R"({"weight_map":{"a":"one.safetensors","a":"two.safetensors"}})").find("'a' is there twice") !=
        std::string::npos);
  CHECK(index(R"({"weight_map":{"a":3}})").find("a number stands at 'a'") != std::string::npos);
  CHECK(index(R"({"weight_map":{"a":{"b":"one.safetensors"}}})").find("an object stands at 'a'") != std::string::npos);
  CHECK(index(R"({"weight_map":["a"]})").find("a list stands at 'weight_map'") != std::string::npos);
  CHECK(index(R"({"metadata":{}})").find("has no \"weight_map\"") != std::string::npos);
  CHECK(index(R"([])").find("the index is wrong") != std::string::npos);
  CHECK(index("").find("it is not JSON") != std::string::npos);
}

TEST_CASE("what is not a weights file says what to do") {
  CHECK(refusal(little::scratch() / "missing").find("no such file") != std::string::npos);
  CHECK(refusal(little::write("config.json", "{}")).find("is not a weights file") != std::string::npos);
  CHECK(refusal(little::write("model.bin", "PK\x03\x04....")).find("is neither safetensors nor GGUF") !=
        std::string::npos);
  little::fs::create_directories(little::scratch() / "empty");
  CHECK(refusal(little::scratch() / "empty").find("holds no model.safetensors") != std::string::npos);
  little::write("torch/pytorch_model.bin", "x");
  CHECK(refusal(little::scratch() / "torch").find("holds pytorch_model.bin but no model.safetensors") !=
        std::string::npos);
}
