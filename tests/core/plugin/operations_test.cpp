// What a loader makes of the operations that a plugin brings, and what it refuses. The tables are the test's own.
#include <cmath>
#include <cstddef>
#include <cstring>
#include <functional>
#include <limits>

#include "base/error.hpp"
#include "plugin/manifest.hpp"
#include "support/catch.hpp"

namespace plugin = motet::plugin;

namespace {

motet_status compute(const motet_use*, uint32_t, int64_t, int64_t, void*) { return MOTET_OK; }
motet_status infer(const motet_use*, motet_tensor_spec* const*) { return MOTET_OK; }
motet_status create(motet_call*, const motet_host*, const motet_params*, motet_stage**) { return MOTET_OK; }
void destroy(motet_stage*) {}
const void* extension(const char* id) {
  static const motet_host_stage table = {sizeof table, nullptr};
  return std::strcmp(id, "motet.host_stage/1") == 0 ? &table : nullptr;
}

struct Tables {
  std::vector<motet_operand> inputs{{sizeof(motet_operand), "x", "the wave", MOTET_F32, 0},
                                    {sizeof(motet_operand), "at", "", MOTET_I32, MOTET_OPERAND_OPTIONAL}};
  std::vector<motet_operand> outputs{{sizeof(motet_operand), "y", "like x", MOTET_F32, 0}};
  std::vector<motet_attribute_def> attributes{
      {sizeof(motet_attribute_def), "limit", "where it folds", MOTET_ATTRIBUTE_NUMBER, 0, 1.5, 0.25, INFINITY},
      {sizeof(motet_attribute_def), "times", "", MOTET_ATTRIBUTE_INTEGER, 1, 0, -INFINITY, INFINITY}};
  motet_operation operation{sizeof(motet_operation),
                            "wave.fold/1",
                            "y = folded x",
                            nullptr,
                            nullptr,
                            nullptr,
                            0,
                            0,
                            0,
                            0,
                            "float y_at(uint i) { return x_at(i); }",
                            infer,
                            compute,
                            nullptr};
  std::uint32_t minor = MOTET_ABI_MINOR;
  std::uint32_t count = 1;
  std::uint32_t table_size = sizeof(motet_operations);

  // get_factory is a plain function.
  static Tables*& current() {
    static Tables* tables = nullptr;
    return tables;
  }

  plugin::PluginInfo describe() {
    if (operation.inputs == nullptr) {
      operation.inputs = inputs.data();
      operation.outputs = outputs.data();
      operation.attributes = attributes.data();
      operation.n_inputs = static_cast<uint32_t>(inputs.size());
      operation.n_outputs = static_cast<uint32_t>(outputs.size());
      operation.n_attributes = static_cast<uint32_t>(attributes.size());
    }
    current() = this;
    const motet_plugin_entry entry = {
        sizeof entry, MOTET_ABI_MAJOR, minor, "wave", "1.0.0", [](const char* id) -> const void* {
          static motet_stage_type type;
          static const motet_stage_type* const types[] = {&type};
          static const motet_stage_types stages = {sizeof stages, 1, 0, types};
          static const motet_operation* list[2];
          static motet_operations operations;
          type = {};
          type.struct_size = sizeof type, type.id = "wave", type.kind = "test";
          type.concurrency = MOTET_PARALLEL, type.determinism = MOTET_PURE;
          type.create = create, type.destroy = destroy, type.extension = extension;
          if (std::strcmp(id, "motet.stage_types/1") == 0) return &stages;
          CHECK(std::strcmp(id, "motet.operations/1") == 0);
          list[0] = list[1] = &current()->operation;
          operations = {current()->table_size, current()->count, 0, list};
          return &operations;
        }};
    return plugin::describe(entry);
  }
};

std::string refusal(const std::function<void(Tables&)>& change) {
  Tables tables;
  change(tables);
  try {
    (void)tables.describe();
    return "loaded";
  } catch (const motet::base::Error& error) {
    CHECK(error.kind() == motet::base::ErrorKind::plugin);
    return error.what();
  }
}

std::string refused_id(const char* id) {
  return refusal([&](Tables& t) { t.operation.id = id; });
}

}  // namespace

TEST_CASE("a plugin's operations are described, and survive the manifest") {
  Tables tables;
  const plugin::PluginInfo info = tables.describe();
  REQUIRE(info.operations.size() == 1);
  const plugin::OperationInfo& operation = info.operations.front();
  CHECK(operation.plugin == "wave");
  CHECK(operation.id == "wave.fold/1");
  CHECK(operation.summary == "y = folded x");
  CHECK(operation.inputs.at(0).help == "the wave");
  CHECK_FALSE(operation.inputs.at(0).optional);
  CHECK(operation.inputs.at(1).optional);
  CHECK(operation.inputs.at(1).dtype == motet::tensor::DType::i32);
  CHECK(operation.outputs.at(0).name == "y");
  CHECK(operation.attributes.at(0).otherwise == 1.5);
  CHECK(operation.attributes.at(0).minimum == 0.25);
  CHECK(std::isinf(operation.attributes.at(0).maximum));
  CHECK(operation.attributes.at(1).required);
  CHECK(operation.attributes.at(1).kind == MOTET_ATTRIBUTE_INTEGER);

  const std::string text = plugin::manifest_text(info);
  plugin::PluginInfo again = plugin::parse_manifest(text);
  CHECK(plugin::first_difference(again, info).empty());
  CHECK(plugin::manifest_text(again) == text);
  again.operations.front().attributes.front().otherwise = 2;
  CHECK(plugin::first_difference(again, info) ==
        "operations[0].attributes[0].default is 2.0 in the manifest, 1.5 in the library");
  again.operations.clear();
  CHECK(plugin::first_difference(again, info) == "operations has 0 entries in the manifest, 1 in the library");
}

TEST_CASE("a manifest of contract 1.0 says nothing of operations, and a plugin of it is not asked for any") {
  Tables tables;
  tables.minor = 0;
  const plugin::PluginInfo info = tables.describe();
  CHECK(info.operations.empty());
  std::string text = plugin::manifest_text(info);
  const std::size_t at = text.find(",\n  \"operations\": []");
  REQUIRE(at != std::string::npos);
  text.erase(at, std::strlen(",\n  \"operations\": []"));
  CHECK(plugin::first_difference(plugin::parse_manifest(text), info).empty());
}

TEST_CASE("ids of operations: Motet's own have no dot, those of plugins do, and a version") {
  for (const char* id : {"wave.fold/1", "a.b.c2/12", "wave_form.fold_back/999"}) CHECK(refused_id(id) == "loaded");
  CHECK_THAT(refused_id("softmax/1"),
             Catch::Contains("[C090] operation 'softmax/1': names without a dot are Motet's own"));
  for (const char* id : {"wave.fold", "wave.fold/", "wave.fold/0", "wave.fold/01", "wave.fold/1.2", "wave.fold/1/1"})
    CHECK_THAT(refused_id(id), Catch::Contains("[C090] operation '") && Catch::Contains("an id ends with its version"));
  for (const char* id :
       {"Wave.fold/1", ".fold/1", "wave./1", "wave..fold/1", "wave.9/1", "wave.fo ld/1", "motet_x.y/1"})
    CHECK_THAT(refused_id(id), Catch::Contains("[C090] operation '") && Catch::Contains("words of a-z"));
  CHECK_THAT(refused_id(""), Catch::Contains("the id of an operation is empty"));
}

TEST_CASE("operations that are malformed are refused, with the part that is") {
  CHECK(refusal([](Tables&) {}) == "loaded");
  // A table may end before what was added last.
  CHECK(refusal([](Tables& t) { t.operation.struct_size = offsetof(motet_operation, cost); }) == "loaded");
  const auto check = [](const std::string& said, const std::string& words) {
    CHECK_THAT(said, Catch::Contains("[C090]") && Catch::Contains(words));
  };
  CHECK_THAT(refusal([](Tables& t) { t.count = 2; }), Catch::Contains("the operation 'wave.fold/1' is there twice"));
  CHECK_THAT(refusal([](Tables& t) { t.count = 0; }), Catch::Contains("has no operations"));
  CHECK_THAT(refusal([](Tables& t) { t.table_size = 8; }), Catch::Contains("[C004] the factory motet.operations/1"));
  CHECK_THAT(refusal([](Tables& t) { t.operation.struct_size = offsetof(motet_operation, compute); }),
             Catch::Contains("[C004] operations[0] says it has"));
  check(refusal([](Tables& t) { t.operation.compute = nullptr; }), "operation 'wave.fold/1': compute is missing");
  check(refusal([](Tables& t) { t.operation.glsl = nullptr; }), "glsl is missing");
  check(refusal([](Tables& t) { t.operation.glsl = ""; }), "glsl is missing");
  check(refusal([](Tables& t) { t.inputs.clear(); }), "inputs are 0, wanted 1 to 8");
  check(refusal([](Tables& t) { t.outputs.resize(5, t.outputs.front()); }), "outputs are 5, wanted 1 to 4");
  check(refusal([](Tables& t) { t.attributes.resize(17, t.attributes.front()); }), "attributes are 17, wanted 0 to 16");
  check(refusal([](Tables& t) { t.inputs[1].name = "x"; }), "'x' names two of its operands, outputs and attributes");
  check(refusal([](Tables& t) { t.attributes[0].name = "y"; }), "'y' names two");
  for (const char* name : {"X", "9", "a__b", "motet_a", "gl_a", "a-b"})
    check(refusal([&](Tables& t) { t.inputs[0].name = name; }), std::string("name is '") + name + "'");
  check(refusal([](Tables& t) { t.inputs[0].dtype = MOTET_F16; }), "dtype is 2, wanted MOTET_F32 or MOTET_I32");
  check(refusal([](Tables& t) { t.outputs[0].flags = MOTET_OPERAND_OPTIONAL; }),
        "y is optional, which only operands may be");
  check(refusal([](Tables& t) {
          t.inputs[0].flags = MOTET_OPERAND_OPTIONAL;
          t.operation.infer = nullptr;
        }),
        "infer is missing, and the first operand");
  check(refusal([](Tables& t) { t.attributes[0].kind = MOTET_ATTRIBUTE_STRING; }),
        "kind is 2, wanted an integer or a number");
  check(refusal([](Tables& t) { t.attributes[0].otherwise = 0; }), "the default, is outside its range");
  check(refusal([](Tables& t) { t.attributes[0].otherwise = NAN; }), "the default, is outside its range");
  check(refusal([](Tables& t) { t.attributes[0].maximum = 0; }), "its range is none");
  check(refusal([](Tables& t) {
          t.attributes[1].required = 0;
          t.attributes[1].otherwise = 0.5;
        }),
        "otherwise is no integer of 32 bits");
}
