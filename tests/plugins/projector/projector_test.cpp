// Linear maps and a hidden layer, against plain sums.
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/pipeline_runner.hpp"
#include "support/temporary_folder.hpp"

using namespace motet::test;

namespace {

// u (3, 2), a (3), v (1, 3) and b (1), f32.
std::string weights_file() {
  const std::vector<float> data = {1, 2, 3, 4, 5, 6, /*a*/ 0.5f, -0.5f, 1, /*v*/ 1, -1, 2, /*b*/ 0.25f};
  std::string header =
      "{\"u\":{\"dtype\":\"F32\",\"shape\":[3,2],\"data_offsets\":[0,24]},\"a\":{\"dtype\":\"F32\",\"shape\":[3],"
      "\"data_offsets\":[24,36]},"
      "\"v\":{\"dtype\":\"F32\",\"shape\":[1,3],\"data_offsets\":[36,48]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],"
      "\"data_offsets\":[48,52]}}";
  header.resize((header.size() + 7) / 8 * 8, ' ');
  const std::uint64_t length = header.size();
  std::string out(reinterpret_cast<const char*>(&length), sizeof length);
  out += header;
  out.append(reinterpret_cast<const char*>(data.data()), data.size() * sizeof(float));
  return out;
}

std::string pipeline(const std::string& stage) {
  return "motet: 1\nweights: {w: model.safetensors}\ninputs: {x: \"f32[T, 2]\"}\nstages:\n  y: {" + stage +
         ", weights: w, in: {x: inputs.x}}\noutputs: {y: y}\n";
}

std::vector<float> run(const TemporaryFolder& folder, const std::string& stage) {
  folder.write("model.safetensors", weights_file());
  PipelineRunner runner(folder.write("pipeline.yaml", pipeline(stage)));
  auto results = runner.run({{{"x", tensor_value({1, -1, 0, 2}, {2, 2})}}});
  const auto all = results[0].at("y")->tensor().as<float>();
  return {all.begin(), all.end()};
}
}  // namespace

TEST_CASE("a linear map, with and without bias") {
  const TemporaryFolder folder;
  CHECK(run(folder, "use: projector.linear, with: {weight: u}") == std::vector<float>{-1, -1, -1, 4, 8, 12});
  CHECK(run(folder, "use: projector.linear, with: {weight: u, bias: a}") ==
        std::vector<float>{-0.5f, -1.5f, 0, 4.5f, 7.5f, 13});
}

TEST_CASE("two maps with an activation between") {
  const TemporaryFolder folder;
  CHECK(run(folder, "use: projector.mlp, with: {up: u, up_bias: a, down: v, down_bias: b, activation: relu}") ==
        std::vector<float>{0.25f, 23.25f});
}

TEST_CASE("weights that do not fit are told") {
  const TemporaryFolder folder;
  folder.write("model.safetensors", weights_file());
  CHECK_THAT(mistakes(folder.write("a.yaml", pipeline("use: projector.linear, with: {weight: v}"))),
             Catch::Contains("v"));
  CHECK_THAT(mistakes(folder.write("b.yaml", pipeline("use: projector.linear, with: {weight: w}"))),
             Catch::Contains("weight 'w' is not in"));
  CHECK_THAT(mistakes(folder.write("c.yaml", pipeline("use: projector.linear, with: {weight: u, bias: b}"))),
             Catch::Contains("b"));
  CHECK_THAT(mistakes(folder.write("d.yaml", pipeline("use: projector.linear"))), Catch::Contains("weight"));
}
