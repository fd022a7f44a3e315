// Values as text, as JSON and as NumPy's files.
#include "report/values.hpp"

#include <cmath>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/mapped_file.hpp"
#include "report/json_inputs.hpp"
#include "report/npy.hpp"
#include "report/output_folder.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace motet;
using tensor::DType;

namespace {

tensor::HostTensor floats(const tensor::Shape& shape, const std::vector<float>& values) {
  tensor::HostTensor out(DType::f32, shape);
  std::copy(values.begin(), values.end(), out.as<float>().begin());
  return out;
}

value::Ref ids(std::vector<std::int32_t> given) {
  value::Tokens tokens;
  tokens.ids = std::move(given);
  return value::make_tokens(std::move(tokens));
}

graph::PortType port(const std::string& text) {
  graph::PortType out;
  REQUIRE(graph::parse_value_type(text, out));
  return out;
}

}  // namespace

TEST_CASE("values: a text is itself, the rest is JSON, a list has a line each") {
  CHECK(report::value_text(*value::make_text("a\nb")) == "a\nb\n");
  CHECK(report::value_text(*value::make_text("ends\n")) == "ends\n");
  CHECK(report::value_text(*ids({7, 11})) == "[7,11]\n");
  CHECK(report::value_text(*value::make_tensor(floats({2, 2}, {1, 0.1f, -3, 0.5f}))) == "[[1.0,0.1],[-3.0,0.5]]\n");
  const value::Ref list = value::make_list({value::make_text("one"), value::make_text("two")});
  CHECK(report::value_text(*list) == "one\ntwo\n");
  CHECK(report::json_line(*list) == "[\"one\",\"two\"]\n");
}

TEST_CASE("values: numbers that JSON has not are words, and a float reads back as the same float") {
  const float huge = std::numeric_limits<float>::infinity();
  CHECK(report::json_line(*value::make_tensor(floats({3}, {huge, -huge, std::nanf("")}))) ==
        "[\"Infinity\",\"-Infinity\",\"NaN\"]\n");
  const std::vector<float> hard{0.1f, 1e-38f, 3.4028235e38f, -0.060075514f, 16777217.0f, 1.0f / 3};
  const auto read =
      nlohmann::json::parse(report::json_line(*value::make_tensor(floats({6}, hard)))).get<std::vector<float>>();
  CHECK(read == hard);
}

TEST_CASE("values: read from JSON they are what was written, of the type that is wanted") {
  const value::Ref tensor = report::value_from_json("[[1, 2.5], [3, 4]]", port("f32[A, 2]"), "x");
  CHECK(tensor->tensor().shape() == tensor::Shape{2, 2});
  CHECK(tensor->tensor().as<float>()[1] == 2.5f);
  CHECK(report::value_from_json("[3, 4]", port("tokens"), "x")->tokens().ids == std::vector<std::int32_t>{3, 4});
  CHECK(report::value_from_json("[\"a\", \"b\"]", port("text[]"), "x")->list().size() == 2);
  for (const auto& [text, type] :
       {std::pair("[[1, 2], [3]]", "f32[A, B]"), std::pair("[\"a\"]", "f32[A]"), std::pair("[1.5]", "tokens"),
        std::pair("3", "text"), std::pair("[1", "tokens"), std::pair("[99999999999]", "tokens"),
        std::pair("[[1]]", "f32[A]"), std::pair("[1]", "f32[A, B]"), std::pair("[1, 2]", "f32[3]")}) {
    INFO(text << " as " << type);
    try {
      (void)report::value_from_json(text, port(type), "--in x");
      FAIL("it was taken");
    } catch (const base::Error& error) {
      CHECK(error.kind() == base::ErrorKind::user);
      CHECK(std::string(error.what()).find("--in x") == 0);
    }
  }
}

TEST_CASE("npy: the header says type and shape, and the data begins at a multiple of 64") {
  const std::string bytes = report::npy_bytes(floats({2, 3}, {1, 2, 3, 4, 5, 6}));
  CHECK(bytes.substr(0, 8) == std::string("\x93NUMPY\x01\x00", 8));
  const std::size_t header = static_cast<unsigned char>(bytes[8]) + 256u * static_cast<unsigned char>(bytes[9]);
  CHECK((10 + header) % 64 == 0);
  CHECK(bytes[10 + header - 1] == '\n');
  CHECK(bytes.find("'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)") != bytes.npos);
  float last = 0;
  std::memcpy(&last, bytes.data() + bytes.size() - 4, 4);
  CHECK(last == 6);
  CHECK(bytes.size() == 10 + header + 24);
  CHECK(report::npy_bytes(floats({3}, {1, 2, 3})).find("'shape': (3, )") != bytes.npos);
  CHECK(report::npy_bytes(floats({}, {1})).find("'shape': ()") != bytes.npos);
}

TEST_CASE("outputs: files by kind, whole or not at all") {
  const test::TemporaryFolder folder;
  const report::OutputFolder out(folder.path() / "a" / "b");
  CHECK(out.write("t", *value::make_text("x")) ==
        std::vector<std::string>{(folder.path() / "a" / "b" / "t.txt").string()});
  CHECK(out.write("i", *ids({1}))[0].ends_with("/i.json"));
  const value::Ref two = value::make_list({value::make_tensor(floats({1}, {1})), value::make_tensor(floats({1}, {2}))});
  CHECK(out.write("n", *two).size() == 2);
  CHECK(base::read_file(folder.path() / "a/b/n.1.npy").substr(1, 5) == "NUMPY");
  int files = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder.path() / "a/b")) ++files;
  CHECK(files == 4);
  folder.write("file", "");
  try {
    report::require_writable(folder.path() / "file");
    FAIL("a file is no folder");
  } catch (const base::Error& error) {
    CHECK(error.kind() == base::ErrorKind::environment);
    CHECK(std::string(error.what()) == (folder.path() / "file").string() + ": cannot be written: Not a directory");
  }
}
