// Operations of plugins' own, from a stage's build to what comes out, on every device of this machine.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "device/device.hpp"
#include "lower/custom_op.hpp"
#include "lower/islands.hpp"
#include "lower/lower.hpp"
#include "plan/plan.hpp"
#include "program/custom.hpp"
#include "runtime/session.hpp"
#include "support/catch.hpp"
#include "support/little/little.hpp"

using namespace motet;

namespace {

using Numbers = std::vector<double>;

plugin::Registry registry() {
  return plugin::Registry::scan({std::filesystem::path(MOTET_BINARY_DIR) / "tests" / "operations_plugins"});
}

std::string pipeline(const std::string& input, const std::string& stages, const std::string& outputs) {
  return "motet: 1\nname: operations\ninputs: {x: \"" + input + "\", w: \"f32[C]\"}\nstages:\n" + stages +
         "outputs: {" + outputs + "}\n";
}

template <class Body>
void on_every_device(Body body) {
  device::DeviceOptions options;
  int devices = 0;
  for (const device::DeviceInfo& info : device::list_devices()) {
    if (!info.problem.empty()) continue;
    ++devices;
    options.name = info.name;
    options.threads = 2;
    INFO("on " << info.name);
    const auto device = device::open_device(options);
    body(*device);
  }
  if (devices < 2) FAIL("no Vulkan device: ./dev setup installs a driver (mesa-vulkan-drivers)");
}

value::Ref noise(const tensor::Shape& shape, double scale = 1) {
  tensor::HostTensor made(tensor::DType::f32, shape);
  unsigned state = 12345u + static_cast<unsigned>(shape.elements());
  for (float& x : made.as<float>()) {
    state = state * 1664525u + 1013904223u;
    x = static_cast<float>(scale * (static_cast<double>(state >> 8) / (1 << 23) - 1));
  }
  return value::make_tensor(std::move(made));
}

Numbers numbers(const value::Ref& value) {
  const tensor::HostTensor& tensor = value->tensor();
  if (tensor.dtype() == tensor::DType::i32) {
    const auto all = tensor.as<std::int32_t>();
    return {all.begin(), all.end()};
  }
  const auto all = tensor.as<float>();
  return {all.begin(), all.end()};
}

std::vector<runtime::ItemResult> run(const graph::Graph& graph, device::Device& device,
                                     const std::vector<value::Ref>& x, const value::Ref& weight) {
  runtime::Session session(graph, device);
  std::vector<runtime::Item> items;
  for (const value::Ref& one : x) {
    items.emplace_back();
    items.back().inputs["x"] = one;
    items.back().inputs["w"] = weight;
  }
  return session.run(items);
}

void check_near(const Numbers& got, const Numbers& wanted, double most) {
  REQUIRE(got.size() == wanted.size());
  double error = 0, size = 0;
  for (std::size_t i = 0; i < got.size(); ++i) {
    error += (got[i] - wanted[i]) * (got[i] - wanted[i]);
    size += wanted[i] * wanted[i];
  }
  CHECK(error <= most * (size > 0 ? size : 1));
}

std::string failure(const graph::Graph& graph, device::Device& device, base::ErrorKind* kind = nullptr) {
  try {
    const auto results = run(graph, device, {noise({7, 3})}, noise({3}));
    if (!results.front().error) return "";
    if (kind != nullptr) *kind = results.front().error->kind();
    return std::string(results.front().error->what()) + " | " + results.front().error->help();
  } catch (const base::Error& error) {
    if (kind != nullptr) *kind = error.kind();
    return std::string(error.what()) + " | " + error.help();
  }
}

}  // namespace

TEST_CASE("an operation of a plugin is computed between Motet's own, alone and in a batch") {
  const plugin::Registry plugins = registry();
  const graph::Graph graph = little::resolve(
      "waves", pipeline("f32[N]", "  waves: {use: test.waves, with: {amount: 3}, in: {x: inputs.x}}\n", "y: waves.y"),
      plugins);
  on_every_device([&](device::Device& device) {
    std::vector<value::Ref> x;
    for (const std::int64_t size : {1, 7, 255, 256, 257, 257, 1009}) x.push_back(noise({size}, 2));
    const auto results = run(graph, device, x, noise({1}));
    for (std::size_t i = 0; i < x.size(); ++i) {
      INFO(x[i]->tensor().size_bytes() / 4);
      REQUIRE_FALSE(results[i].error);
      Numbers wanted = numbers(x[i]);
      for (double& one : wanted) {
        const double at = 2 * one;
        one = std::max(0.0, at + 3 * std::sin(at) * std::sin(at));
      }
      check_near(numbers(results[i].outputs[0]), wanted, device.traits().device == "cpu" ? 1e-13 : 1e-11);
    }
  });
}

TEST_CASE("an operation of a plugin with two outputs, a loop, and an operand that may be absent") {
  const plugin::Registry plugins = registry();
  for (const bool weighted : {false, true}) {
    const graph::Graph graph =
        little::resolve("sums",
                        pipeline("f32[R, C]",
                                 std::string("  sums: {use: test.sums, with: {skip: 2}, in: {x: inputs.x") +
                                     (weighted ? ", weight: inputs.w" : "") + "}}\n",
                                 "sum: sums.sum, largest: sums.largest"),
                        plugins);
    on_every_device([&](device::Device& device) {
      for (const auto& [rows, columns] : {std::pair{1, 3}, {13, 37}, {257, 5}}) {
        INFO(rows << " x " << columns);
        const value::Ref x = noise({rows, columns}), w = noise({columns});
        const auto results = run(graph, device, {x}, w);
        REQUIRE_FALSE(results[0].error);
        const Numbers elements = numbers(x), weights = numbers(w);
        Numbers sums, largest;
        for (std::size_t row = 0; row < static_cast<std::size_t>(rows); ++row) {
          const double* at = &elements[row * static_cast<std::size_t>(columns)];
          double sum = 0;
          std::size_t best = 2;
          for (std::size_t c = 2; c < static_cast<std::size_t>(columns); ++c) {
            sum += at[c] * (weighted ? weights[c] : 1);
            if (at[c] > at[best]) best = c;
          }
          sums.push_back(sum);
          largest.push_back(static_cast<double>(best));
        }
        check_near(numbers(results[0].outputs[0]), sums, 1e-12);
        CHECK(numbers(results[0].outputs[1]) == largest);
      }
      // What the shape rule refuses is the item's own, in the plugin's words.
      const auto refused = run(graph, device, {noise({3, 2})}, noise({2}));
      REQUIRE(refused[0].error);
      CHECK(refused[0].error->kind() == base::ErrorKind::item);
      CHECK_THAT(refused[0].error->what(),
                 Catch::Contains("test.rows/1") && Catch::Contains("rows of 2 have nothing left"));
    });
  }
}

TEST_CASE("the template's operation, against double precision on every device") {
  const plugin::Registry plugins = registry();
  for (const int hop : {1, 2, 5}) {
    const graph::Graph graph = little::resolve(
        "joined",
        pipeline("f32[T, W]",
                 "  joined: {use: my_plugin, with: {hop: " + std::to_string(hop) + "}, in: {frames: inputs.x}}\n",
                 "signal: joined.signal"),
        plugins);
    on_every_device([&](device::Device& device) {
      for (const auto& [frames, width] :
           {std::pair{1, 7}, {2, 5}, {13, 31}, {255, 8}, {256, 16}, {257, 13}, {3, 257}, {5, 255}, {2, 256}}) {
        INFO(frames << " frames of " << width << ", hop " << hop);
        const value::Ref x = noise({frames, width});
        const auto results = run(graph, device, {x}, noise({1}));
        REQUIRE_FALSE(results[0].error);
        const Numbers elements = numbers(x);
        const std::size_t length = static_cast<std::size_t>((frames - 1) * hop + width);
        Numbers sums(length), weights(length);
        for (std::size_t t = 0; t < static_cast<std::size_t>(frames); ++t) {
          for (std::size_t j = 0; j < static_cast<std::size_t>(width); ++j) {
            const double w = std::pow(std::sin(std::numbers::pi * (static_cast<double>(j) + 0.5) / width), 2);
            sums[t * static_cast<std::size_t>(hop) + j] += w * elements[t * static_cast<std::size_t>(width) + j];
            weights[t * static_cast<std::size_t>(hop) + j] += w;
          }
        }
        for (std::size_t n = 0; n < length; ++n) sums[n] /= weights[n];
        check_near(numbers(results[0].outputs[0]), sums, device.traits().device == "cpu" ? 1e-13 : 1e-10);
      }
      const auto none = run(graph, device, {noise({0, 7})}, noise({1}));
      REQUIRE_FALSE(none[0].error);
      CHECK(none[0].outputs[0]->tensor().shape() == tensor::Shape{0});
    });
  }
}

TEST_CASE("an operation's attributes are checked like Motet's own") {
  const plugin::Registry plugins = registry();
  const auto device = device::open_device({"cpu", 1});
  const auto with = [&](const std::string& amount) {
    return failure(
        little::resolve(
            "waves",
            pipeline("f32[R, N]", "  waves: {use: test.waves, with: {amount: " + amount + "}, in: {x: inputs.x}}\n",
                     "y: waves.y"),
            plugins),
        *device);
  };
  CHECK(with("8").empty());
  CHECK_THAT(with("8.5"), Catch::Contains("stage 'waves': test.wave/1: attribute amount is 8.5, at most 8 is wanted"));
  CHECK_THAT(with("-1"), Catch::Contains("attribute amount is -1, at least 0 is wanted"));
  // A stage's own arithmetic may come to what no pipeline can say.
  const graph::Graph graph = little::resolve(
      "waves", pipeline("f32[N]", "  waves: {use: test.waves, in: {x: inputs.x}}\n", "y: waves.y"), plugins);
  const auto def = lower::CustomOp::make(graph.operations.at("test.wave/1"));
  const program::TensorType x{tensor::DType::f32, {3}}, whole{tensor::DType::i32, {3}};
  const auto refusal = [&](const program::TensorType& operand, double amount) -> std::string {
    program::Attributes given;
    given.set("amount", amount);
    const program::TensorType* const operands = &operand;
    try {
      (void)def->output_types({&operands, 1}, def->complete(given));
      return "";
    } catch (const program::OpError& error) {
      return error.what();
    }
  };
  CHECK(refusal(x, 2).empty());
  CHECK(refusal(x, std::numeric_limits<double>::quiet_NaN()) == "attribute amount is nan");
  CHECK(refusal(whole, 2) == "x must be f32, is i32");
}

TEST_CASE("programs and plans print an operation of a plugin with its id, and outlive what made them") {
  const plugin::Registry plugins = registry();
  std::unique_ptr<program::Program> program;
  {
    const graph::Graph graph = little::resolve(
        "waves", pipeline("f32[N]", "  waves: {use: test.waves, in: {x: inputs.x}}\n", "y: waves.y"), plugins);
    const lower::Schedule schedule = lower::schedule(graph);
    lower::WeightTable weights;
    lower::ItemKey key;
    key.inputs = {{2, 5}};
    program =
        std::make_unique<program::Program>(lower::lower_item(graph, schedule.islands.at(0), key, weights).program);
  }
  CHECK_THAT(program::text(*program), Catch::Contains("test.wave/1 %") && Catch::Contains("{amount 1}"));
  plan::Plan plan = plan::plan(*program, {});
  program.reset();
  CHECK_THAT(plan::text(plan), Catch::Contains("test.wave/1 @") && Catch::Contains("f32[2, 5]  # waves"));
  const auto found =
      std::ranges::find_if(plan.steps, [](const plan::Step& step) { return step.op->custom != nullptr; });
  REQUIRE(found != plan.steps.end());
  CHECK(found->op->custom->plugin() == "operations");
  CHECK(found->epilogues.empty());
}

TEST_CASE("operations that break their contract are named, with the obligation") {
  const plugin::Registry plugins = registry();
  const auto device = device::open_device({"cpu", 2});
  const auto broken = [&](const std::string& op, host::Checking checking = host::Checking::on,
                          base::ErrorKind* kind = nullptr) {
    const graph::Graph graph = little::resolve(
        "broken",
        pipeline("f32[R, N]", "  one: {use: broken.write, with: {op: " + op + "}, in: {x: inputs.x}}\n", "y: one.y"),
        plugins, checking);
    return failure(graph, *device, kind);
  };
  const auto named = [](const std::string& op, const std::string& words) {
    return Catch::Contains("operation '" + op + "' of the plugin broken: " + words);
  };
  CHECK(broken("broken.right/1").empty());
  // Always.
  for (const host::Checking checking : {host::Checking::on, host::Checking::off}) {
    base::ErrorKind kind{};
    const auto said = [&](const std::string& op) { return broken(op, checking, &kind); };
    CHECK_THAT(said("broken.dtype/1"), named("broken.dtype/1", "[C091] infer's output 'y' has another element type"));
    CHECK(kind == base::ErrorKind::plugin);
    CHECK_THAT(said("broken.rank/1"), named("broken.rank/1", "[C091] infer's output 'y' has 9 dimensions"));
    CHECK_THAT(said("broken.negative/1"),
               named("broken.negative/1", "[C091] infer's output 'y' has a dimension of size -1"));
    CHECK_THAT(said("broken.no_cost/1"), named("broken.no_cost/1", "[C095] cost is 0"));
    CHECK_THAT(said("broken.silent/1"), named("broken.silent/1", "[C006] compute returned MOTET_INTERNAL"));
    CHECK_THAT(said("broken.throws/1"),
               named("broken.throws/1", "[C005] an exception escaped from compute: not today"));
    CHECK(kind == base::ErrorKind::plugin);
    CHECK_THAT(said("broken.fails/1"), named("broken.fails/1", "this item is beyond me"));
    CHECK(kind == base::ErrorKind::item);
    CHECK_THAT(said("broken.refuses/1"), named("broken.refuses/1", "x does not suit"));
    CHECK(kind == base::ErrorKind::item);
    CHECK_THAT(said("broken.long/1"),
               named("broken.long/1", "an element of 'y' takes 30001 rounds, at most 30000 are possible"));
    // A shape that is one, and not what the stage declared.
    CHECK_THAT(said("broken.lying/1"),
               Catch::Contains(
                   "stage 'one' (broken.write) declared f32[B, x.R, x.N] for its output 'y' and wrote f32[1, 7, 4]"));
  }
  // In checked mode.
  CHECK_THAT(broken("broken.unset/1"), named("broken.unset/1", "[C093] compute did not set element 5 of 'y'"));
  CHECK_THAT(broken("broken.over/1"), named("broken.over/1", "[C093] compute wrote outside"));
  CHECK_THAT(broken("broken.moody/1"), named("broken.moody/1", "[C092] compute gave element 0 of 'y' another value"));
  CHECK_THAT(broken("broken.by_range/1"), named("broken.by_range/1", "[C092] compute gave element 0"));
  CHECK_THAT(broken("broken.nan/1"), named("broken.nan/1", "[C094] compute gave NaN for element 0 of 'y'"));
  CHECK_THAT(broken("broken.moody_shape/1"), named("broken.moody_shape/1", "[C092] infer answered"));
}

TEST_CASE("GLSL that does not compile is an error where shaders are needed, and only there") {
  const plugin::Registry plugins = registry();
  const graph::Graph graph = little::resolve(
      "glsl",
      pipeline("f32[R, N]", "  one: {use: broken.write, with: {op: broken.glsl/1}, in: {x: inputs.x}}\n", "y: one.y"),
      plugins);
  on_every_device([&](device::Device& device) {
    const std::string said = failure(graph, device);
    if (device.traits().device == "cpu") {
      CHECK(said.empty());
    } else {
      CHECK_THAT(said, Catch::Contains("operation 'broken.glsl/1' of the plugin broken: [C096] its GLSL, line 2") &&
                           Catch::Contains("return nothing;"));
    }
  });
}

TEST_CASE("an operation is known where the pipeline has a stage of its plugin, and no two plugins may bring it") {
  const plugin::Registry plugins = registry();
  const auto device = device::open_device({"cpu", 1});
  const std::string write = "  one: {use: broken.write, with: {op: test.wave/1}, in: {x: inputs.x}}\n";
  CHECK_THAT(failure(little::resolve("alone", pipeline("f32[R, N]", write, "y: one.y"), plugins), *device),
             Catch::Contains("no operation 'test.wave/1': a pipeline knows those of the plugins whose stages it has"));
  CHECK(failure(little::resolve("both",
                                pipeline("f32[R, N]", write + "  two: {use: test.waves, in: {x: one.y}}\n", "y: two.y"),
                                plugins),
                *device)
            .empty());
  try {
    (void)little::resolve("rivals",
                          pipeline("f32[R, N]",
                                   "  one: {use: broken.write, with: {op: broken.right/1}, in: {x: inputs.x}}\n"
                                   "  two: {use: rival.write, with: {op: broken.right/1}, in: {x: one.y}}\n",
                                   "y: two.y"),
                          plugins);
    FAIL("two plugins bring the same operations");
  } catch (const base::DiagnosticsError& error) {
    const base::Diagnostic& first = error.diagnostics().list().front();
    CHECK(first.code == "M0112");
    CHECK(first.place.line == 6);
    CHECK_THAT(first.message, Catch::Contains("is brought by two plugins of this pipeline, broken and rival"));
  }
}
