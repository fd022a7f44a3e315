#include "lower/lower.hpp"

#include "lower/islands.hpp"
#include "support/catch.hpp"
#include "support/little/little.hpp"

using namespace motet;

namespace {

std::vector<std::string> op_names(const program::Program& program) {
  std::vector<std::string> out;
  for (const program::Op& op : program.ops) out.emplace_back(op.def->name);
  return out;
}

}  // namespace

TEST_CASE("an encoder and the decoder that reads it are one island, what the step does not change runs once an item") {
  const plugin::Registry registry = little::registry();
  const graph::Graph graph = little::resolve("counting", little::kCounting, registry);
  const lower::Schedule schedule = lower::schedule(graph);
  REQUIRE(schedule.islands.size() == 1);
  const lower::Island& island = schedule.islands.front();
  CHECK(graph.stages[static_cast<std::size_t>(island.generator)].name == "words");
  REQUIRE(island.inputs.size() == 1);
  CHECK(island.inputs.front().name == "encoder.x");
  CHECK_FALSE(island.inputs.front().exact);

  lower::WeightTable weights;
  lower::ItemKey key;
  key.inputs = {{1, 6}};
  key.rows = 2;
  const lower::ItemProgram item = lower::lower_item(graph, island, key, weights);
  CHECK(op_names(item.program) == std::vector<std::string>{"reshape", "fill", "concat", "reduce", "fill", "binary",
                                                           "reshape", "reshape", "keep", "keep"});
  CHECK(item.kept_capacity == 8);
  REQUIRE(item.kept.size() == 2);
  CHECK(item.kept[0].shape == tensor::Shape{2, 8, 1, 2});
  REQUIRE(item.memory_lengths.size() == 1);
  CHECK(item.memory_lengths[0].island_input == 0);  // padded: as long as the item's own input
  CHECK(item.results.size() == 1);                  // encoder.pooled, which the pipeline gives out

  lower::StepKey step_key{1, 1, 2, 32, item.kept_capacity, true};
  const lower::StepProgram step = lower::lower_step(graph, island, step_key, weights);
  REQUIRE(step.kept.size() == 2);
  CHECK(step.kept[0] == item.kept[0]);
  CHECK(step.kept[1] == item.kept[1]);
  REQUIRE(step.states.size() == 1);
  CHECK(step.states[0].name == "words.past");
  const auto names = op_names(step.program);
  CHECK(std::count(names.begin(), names.end(), "attention") == 2);
  CHECK(std::count(names.begin(), names.end(), "keep") == 0);
  CHECK(names.back() == "argmax");
  for (const program::Value& value : step.program.values) {
    if (value.leaf == program::Leaf::state) CHECK(value.type.shape == tensor::Shape{2, 2, 1, 32, 2});
  }
}

TEST_CASE("both traces write the same operations whatever the sizes") {
  const plugin::Registry registry = little::registry();
  const graph::Graph graph = little::resolve("counting", little::kCounting, registry);
  const lower::Schedule schedule = lower::schedule(graph);
  lower::WeightTable weights;
  for (std::int64_t tokens : {1, 2, 7, 64}) {
    const lower::StepProgram step =
        lower::lower_step(graph, schedule.islands.front(), {tokens, 1, 4, 256, 512, false}, weights);
    CHECK(step.kept.size() == 2);
    CHECK(step.program.results.front().name == "logits");
    CHECK(step.program.type(step.program.results.front().value).shape == tensor::Shape{1, 16});
  }
}

TEST_CASE("a host stage between two tensor stages splits them") {
  const plugin::Registry registry = little::registry();
  const graph::Graph graph = little::resolve("split", R"(motet: 1
name: split
inputs: {a: text, b: {type: "text[]", once: true}}
stages:
  one:   {use: little.codes, in: inputs.a}
  two:   {use: little.encode, in: one}
  three: {use: little.upper, in: inputs.b}
  four:  {use: little.codes, in: three}
  five:  {use: little.encode, in: four}
outputs: {x: two.pooled, y: five.pooled}
)",
                                             registry);
  const lower::Schedule schedule = lower::schedule(graph);
  REQUIRE(schedule.islands.size() == 2);
  CHECK_FALSE(schedule.islands[0].once);
  CHECK(schedule.islands[1].once);
  CHECK(schedule.islands[1].has_lists);
  CHECK(schedule.units.size() == 5);
}
