// Pooling, similarity and ranking, through whole pipelines.
#include <cmath>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/pipeline_runner.hpp"
#include "support/temporary_folder.hpp"

using namespace motet::test;
namespace value = motet::value;

namespace {

std::vector<float> floats(const value::Ref& tensor) {
  const auto all = tensor->tensor().as<float>();
  return {all.begin(), all.end()};
}

void close(const std::vector<float>& got, const std::vector<double>& wanted) {
  REQUIRE(got.size() == wanted.size());
  for (std::size_t i = 0; i < got.size(); ++i)
    CHECK(static_cast<double>(got[i]) == Catch::Approx(wanted[i]).margin(1e-6));
}

value::Ref texts(const std::vector<std::string>& all) {
  value::List list;
  for (const std::string& one : all) list.push_back(value::make_text(one));
  return value::make_list(std::move(list));
}

std::string pool_pipeline(const std::string& with) {
  return "motet: 1\ninputs: {x: \"f32[T, 2]\"}\nstages:\n  pool: {use: retrieval.pool, with: {" + with +
         "}, in: {x: inputs.x}}\noutputs: {y: pool}\n";
}
}  // namespace

TEST_CASE("pooling counts each item's own positions") {
  const TemporaryFolder folder;
  const std::vector<PipelineRunner::Inputs> items = {{{"x", tensor_value({1, 2, 3, 4, 8, -6}, {3, 2})}},
                                                     {{"x", tensor_value({-5, 7}, {1, 2})}}};
  auto mean = PipelineRunner(folder.write("a.yaml", pool_pipeline("normalize: false"))).run(items);
  close(floats(mean[0].at("y")), {4, 0});
  close(floats(mean[1].at("y")), {-5, 7});
  auto largest = PipelineRunner(folder.write("b.yaml", pool_pipeline("pooling: max, normalize: false"))).run(items);
  close(floats(largest[0].at("y")), {8, 4});
  close(floats(largest[1].at("y")), {-5, 7});  // not the padding's zeros
  auto first = PipelineRunner(folder.write("c.yaml", pool_pipeline("pooling: first"))).run(items);
  close(floats(first[0].at("y")), {1 / std::sqrt(5.0), 2 / std::sqrt(5.0)});
}

TEST_CASE("similarity is the cosine, or the plain product") {
  const TemporaryFolder folder;
  const auto pipeline = [](const std::string& with) {
    return "motet: 1\ninputs: {a: \"f32[D]\", b: \"f32[D][]\"}\nstages:\n  match: {use: retrieval.similarity, with: {" +
           with + "}, in: {a: inputs.a, b: inputs.b}}\noutputs: {scores: match.scores, softmax: match.softmax}\n";
  };
  const std::string text = pipeline("normalize: true");
  value::List vectors;
  vectors.push_back(tensor_value({3, 4}, {2}));
  vectors.push_back(tensor_value({-4, 3}, {2}));
  vectors.push_back(tensor_value({1, 0}, {2}));
  const std::vector<PipelineRunner::Inputs> items = {
      {{"a", tensor_value({6, 8}, {2})}, {"b", value::make_list(std::move(vectors))}}};
  auto cosine = PipelineRunner(folder.write("a.yaml", text)).run(items);
  close(floats(cosine[0].at("scores")), {1, 0, 0.6});
  const double sum = std::exp(1.0) + 1 + std::exp(0.6);
  close(floats(cosine[0].at("softmax")), {std::exp(1.0) / sum, 1 / sum, std::exp(0.6) / sum});
  auto product = PipelineRunner(folder.write("b.yaml", pipeline("normalize: false"))).run(items);
  close(floats(product[0].at("scores")), {50, 0, 6});
}

TEST_CASE("texts are ranked by their scores") {
  const TemporaryFolder folder;
  const auto pipeline = [](const std::string& top) {
    return "motet: 1\ninputs: {scores: \"f32[M]\", texts: \"text[]\"}\nstages:\n  nearest: {use: retrieval.rank, with: "
           "{top: " +
           top +
           "}, in: {scores: inputs.scores, texts: inputs.texts}}\noutputs: {text: nearest.text, ranked: "
           "nearest.ranked, order: nearest.order}\n";
  };
  const std::vector<PipelineRunner::Inputs> items = {
      {{"scores", tensor_value({0.25f, std::nanf(""), 0.5f, 0.25f}, {4})}, {"texts", texts({"a", "b", "c", "d"})}}};
  auto all = PipelineRunner(folder.write("a.yaml", pipeline("0"))).run(items);
  CHECK(all[0].at("text")->text() == "0.5000\tc\n0.2500\ta\n0.2500\td\nnan\tb");
  auto two = PipelineRunner(folder.write("b.yaml", pipeline("2"))).run(items);
  CHECK(two[0].at("text")->text() == "0.5000\tc\n0.2500\ta");
  CHECK(two[0].at("ranked")->list().size() == 2);
  CHECK(two[0].at("order")->tensor().as<std::int32_t>()[1] == 0);
  PipelineRunner runner(folder.path() / "a.yaml");
  const PipelineRunner::Inputs wrong = {{"scores", tensor_value({1}, {1})}, {"texts", texts({"a", "b"})}};
  CHECK_THROWS_WITH(runner.run({wrong}), Catch::Contains("1 scores do not fit 2 texts"));
}
