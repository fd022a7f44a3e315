// The GLSL of operations that plugins bring: what is said of one that does not compile, and what is kept on disk.
#include "device/vulkan/custom_shaders.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/error.hpp"
#include "program/custom.hpp"
#include "setting.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace motet::device::vulkan::tests {
namespace {

namespace fs = std::filesystem;

class GlslOp final : public program::Custom {
 public:
  explicit GlslOp(std::string glsl, std::string_view operand = "x") : inputs_{{operand}}, glsl_(std::move(glsl)) {
    def.name = "wave.fold/1";
    def.custom = this;
    def.infer = nullptr;
    def.inputs = {{operand}};
    def.outputs = {"y"};
    def.attributes = {{"limit", program::AttributeKind::number, true}};
  }
  GlslOp(const GlslOp&) = delete;
  GlslOp& operator=(const GlslOp&) = delete;
  std::string_view plugin() const override { return "wave"; }
  std::span<const program::CustomOperand> inputs() const override { return inputs_; }
  std::span<const program::CustomOperand> outputs() const override { return outputs_; }
  std::string_view glsl() const override { return glsl_; }
  std::vector<program::TensorType> infer(const program::OpCall&) const override { return {}; }
  std::vector<std::int64_t> costs(const program::OpCall&, std::span<const program::TensorType>) const override {
    return {1};
  }
  std::unique_ptr<program::CustomUse> use(std::span<const program::CustomInput>, std::span<const program::TensorType>,
                                          const program::Attributes&) const override {
    return nullptr;
  }
  program::OpDef def;

 private:
  std::vector<program::CustomOperand> inputs_, outputs_{{"y"}};
  std::string glsl_;
};

constexpr const char* kGood = "float y_at(uint i) { return x_at(i) * limit; }";

std::string refusal(const GlslOp& op) {
  CustomShaders shaders;
  try {
    (void)shaders.find(op.def, 0);
    return "compiled";
  } catch (const base::Error& error) {
    CHECK(error.kind() == base::ErrorKind::plugin);
    return std::string(error.what()) + " | " + error.help();
  }
}

std::vector<fs::path> files(const fs::path& folder) {
  std::vector<fs::path> out;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) out.push_back(entry.path());
  }
  return out;
}

}  // namespace

TEST_CASE("GLSL that does not compile is named with plugin, operation and its author's line") {
  const motet::test::TemporaryFolder cache;
  const Setting setting("XDG_CACHE_HOME", cache.path().c_str());
  CHECK(refusal(GlslOp(kGood)) == "compiled");
  const std::string undeclared = refusal(GlslOp("\nfloat y_at(uint i) {\n  return wobble(x_at(i));\n}"));
  CHECK_THAT(undeclared, Catch::Contains("operation 'wave.fold/1' of the plugin wave: [C096] its GLSL, line 3: "));
  CHECK_THAT(undeclared, Catch::Contains("wobble") && Catch::Contains("the line is: return wobble(x_at(i));"));
  CHECK_THAT(refusal(GlslOp("float y_at(uint i) { return 1.0 }")), Catch::Contains("its GLSL, line 1: "));
  CHECK_THAT(refusal(GlslOp("int y_at(uint i) { return 1; }")), Catch::Contains("its GLSL, line 1: "));
  // What is missing has no line, and what the author did not write is not his.
  CHECK_THAT(refusal(GlslOp("float z_at(uint i) { return 1.0; }")),
             Catch::Contains("its GLSL: ") && Catch::Contains("the body must define float y_at(uint i)"));
  CHECK_THAT(refusal(GlslOp("float y_at(uint i) { return 1.0;")), Catch::Contains("the body must define"));
  CHECK_THAT(refusal(GlslOp("#version 460\nfloat y_at(uint i) { return 1.0; }")), Catch::Contains("line 1: "));
}

TEST_CASE("shaders of plugins' operations are compiled once, and kept by their source") {
  const motet::test::TemporaryFolder cache;
  const Setting setting("XDG_CACHE_HOME", cache.path().c_str());
  const auto compiled = [](const GlslOp& op) {
    CustomShaders shaders;
    const Shader& made = shaders.find(op.def, 0);
    CHECK(&shaders.find(op.def, 0) == &made);
    CHECK(made.words[0] == 0x07230203);
    CHECK(made.bindings.size() == 3);
    CHECK(made.bindings[1].kind == Binding::Kind::read);
    CHECK(made.bindings[2].kind == Binding::Kind::written);
    return shaders.compiled();
  };
  const GlslOp op(kGood);
  CHECK(compiled(op) == 1);
  CHECK(compiled(op) == 0);
  REQUIRE(files(cache.path()).size() == 1);
  CHECK(compiled(GlslOp("float y_at(uint i) { return x_at(i) * limit + 0.0; }")) == 1);
  CHECK(files(cache.path()).size() == 2);

  // A file that was damaged, cut or is another's counts for nothing, and is written anew.
  const fs::path file = files(cache.path()).front();
  std::ifstream in(file, std::ios::binary);
  const std::string whole{std::istreambuf_iterator<char>(in), {}};
  for (const std::size_t at : {std::size_t{3}, whole.find("y_at"), whole.size() - 9}) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    for (const std::string& content : {damaged, whole.substr(0, at), std::string()}) {
      std::ofstream(file, std::ios::binary) << content;
      CustomShaders shaders;
      (void)shaders.find(op.def, 0);
      const GlslOp other("float y_at(uint i) { return x_at(i) * limit + 0.0; }");
      (void)shaders.find(other.def, 0);
      CHECK(shaders.compiled() == 1);
      std::ifstream again(file, std::ios::binary);
      CHECK(std::string(std::istreambuf_iterator<char>(again), {}) == whole);
    }
  }
}

TEST_CASE("without a place for them shaders are compiled all the same") {
  const Setting cache("XDG_CACHE_HOME", "/proc/nowhere");
  const GlslOp op(kGood);
  CustomShaders shaders;
  CHECK(shaders.find(op.def, 0).words.size() > 100);
  CHECK(shaders.compiled() == 1);
}

}  // namespace motet::device::vulkan::tests
