// What a real GPU's compiler makes of the shaders: Mesa's RADV compiles without hardware.
#include <dlfcn.h>
#include <link.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string_view>

#include "device/vulkan/epilogues.hpp"
#include "device/vulkan/kernel.hpp"
#include "device/vulkan/logical_device.hpp"
#include "device/vulkan/pipelines.hpp"
#include "one_step.hpp"
#include "setting.hpp"
#include "support/catch.hpp"

namespace motet::device::vulkan::tests {
namespace {

std::string radv_manifest() {
  for (const char* folder : {"/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d"}) {
    if (!std::filesystem::is_directory(folder)) continue;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      if (entry.path().filename().string().starts_with("radeon_icd")) return entry.path();
    }
  }
  return {};
}

// Later versions of Mesa call gfx1100 navi31, and end the process at a name that they do not know.
std::string rdna3(const std::string& manifest) {
  std::ifstream text(manifest);
  const std::string json{std::istreambuf_iterator<char>(text), {}};
  const std::size_t at = json.find("libvulkan_radeon.so");
  const std::size_t from = at == std::string::npos ? at : json.rfind('"', at);
  REQUIRE(from != std::string::npos);
  std::filesystem::path library = json.substr(from + 1, json.find('"', at) - from - 1);
  if (library.is_relative()) {
    void* loaded = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
    REQUIRE(loaded != nullptr);
    struct link_map* map = nullptr;
    REQUIRE(dlinfo(loaded, RTLD_DI_LINKMAP, &map) == 0);
    library = map->l_name;
  }
  std::ifstream file(library, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  REQUIRE(!bytes.empty());
  return bytes.find("NAVI31") != std::string::npos ? "navi31" : "gfx1100";
}

// Takes inputs and does nothing.
class Unrun final : public Executable {
 public:
  explicit Unrun(const plan::Plan& plan) : block_(plan.input_bytes + plan.result_bytes) {}
  std::span<std::byte> input(std::size_t) override { return block_; }
  std::span<const std::byte> result(std::size_t) override { return block_; }
  void run(std::vector<StepTime>*) override {}

 private:
  std::vector<std::byte> block_;
};

// Makes the pipelines of plans on a GPU that is not there (and has no memory).
class Compiler final : public Device {
 public:
  static std::unique_ptr<Compiler> open() {
    auto instance = std::make_unique<Instance>(false);
    auto devices = instance->physical_devices();
    REQUIRE(devices.size() == 1);
    PhysicalDevice physical(std::move(devices.front()));
    return std::make_unique<Compiler>(std::move(instance), std::move(physical));
  }
  Compiler(std::unique_ptr<Instance> instance, PhysicalDevice physical)
      : device_(std::move(instance), std::move(physical)), pipelines_(device_) {}

  const Pipelines& pipelines() const { return pipelines_; }
  const plan::Traits& traits() const override { return device_.physical().traits(); }
  std::unique_ptr<Buffer> allocate(std::uint64_t) override { return nullptr; }
  std::unique_ptr<Buffer> constant(std::span<const std::byte>) override { return nullptr; }
  void upload(Buffer&, std::uint64_t, std::span<const std::byte>) override {}
  void download(const Buffer&, std::uint64_t, std::span<std::byte>) override {}
  void copy(const Buffer&, Buffer&, const CopyShape&) override {}
  Counters counters() const override { return {}; }
  std::unique_ptr<Executable> prepare(const plan::Plan& plan, const Bindings&) override {
    std::vector<std::byte> constants;
    for (const plan::Step& step : plan.steps) {
      KernelCall call(plan, step, traits(), {}, pipelines_.custom_shaders(), constants);
      const KernelDef* kernel = find_kernel(step.op->kernel());
      kernel->record(call);
      if (!kernel->fuses_epilogues && !step.epilogues.empty()) add_epilogue_dispatch(call);
      for (const Dispatch& dispatch : call.dispatches()) pipelines_.pipeline(dispatch);
    }
    return std::make_unique<Unrun>(plan);
  }

 private:
  LogicalDevice device_;
  Pipelines pipelines_;
};

program::Attributes with(std::initializer_list<std::pair<const char*, program::Attribute>> list) {
  program::Attributes attributes;
  for (const auto& [key, value] : list) attributes.set(key, value);
  return attributes;
}

// Steps that use every shader at the sizes of real models.
void compile_all(Device& device) {
  const std::int64_t one = 1;
  const auto of = [](DType dtype, Shape shape) { return HostTensor(dtype, shape); };
  for (const std::int64_t rows : {1, 4, 100, 457, 2048}) {
    const HostTensor a = of(DType::f32, {rows, 576});
    for (const DType dtype :
         {DType::f32, DType::f16, DType::bf16, DType::q8_0, DType::q4_0, DType::q4_1, DType::q5_0, DType::q5_1}) {
      const HostTensor b = of(dtype, {1536, 576});
      static_cast<void>(OneStep(device, "matmul", {&a, &b}, with({{"transpose_b", one}})));
    }
    const HostTensor wide = of(DType::f32, {rows, 1024});
    for (const DType dtype : {DType::q4_K, DType::q5_K, DType::q6_K}) {
      const HostTensor b = of(dtype, {1536, 1024});
      static_cast<void>(OneStep(device, "matmul", {&wide, &b}, with({{"transpose_b", one}})));
    }
    const HostTensor b = of(DType::f32, {576, 1536}), bias = of(DType::f32, {1536});
    plan::Epilogue add, gelu;
    add.fn = "add", add.reach = plan::Epilogue::Reach::last_dimension;
    gelu.fn = "gelu";
    static_cast<void>(OneStep(device, "matmul", {&a, &b}, {}, {{add, &bias}, {gelu, nullptr}}));
  }
  const HostTensor q = of(DType::f32, {1, 457, 8, 36}), q64 = of(DType::f32, {1, 512, 12, 64});
  static_cast<void>(OneStep(device, "attention", {&q, &q, &q}));
  static_cast<void>(OneStep(device, "attention", {&q64, &q64, &q64}));
  const HostTensor token = of(DType::f32, {4, 8, 64}), past = of(DType::f32, {2, 4, 8, 256, 64}),
                   ids = of(DType::i32, {4});
  static_cast<void>(OneStep(device, "attention", {&token, &token, &token, &past, &ids, &ids}));
  const HostTensor x = of(DType::f32, {1, 457, 288}), w = of(DType::f32, {288}), kernel = of(DType::f32, {288, 288, 3});
  static_cast<void>(OneStep(device, "layer_norm", {&x, &w, &w}));
  static_cast<void>(OneStep(device, "rms_norm", {&x, &w}));
  static_cast<void>(OneStep(device, "group_norm", {&x, &w, &w}, with({{"groups", one}})));
  static_cast<void>(OneStep(device, "l2_normalize", {&x}));
  static_cast<void>(OneStep(device, "softmax", {&x}));
  static_cast<void>(OneStep(device, "argmax", {&x}));
  static_cast<void>(OneStep(device, "top_k", {&x}, with({{"k", std::int64_t{40}}})));
  static_cast<void>(OneStep(device, "conv1d", {&x, &kernel}, with({{"stride", std::int64_t{2}}})));
  static_cast<void>(OneStep(device, "conv1d", {&x, &kernel}, with({{"padding", one}})));
  using Pair = std::vector<std::int64_t>;
  const HostTensor picture = of(DType::f32, {1, 56, 56, 64}), filters = of(DType::f32, {64, 64, 3, 3}),
                   pointwise = of(DType::f32, {256, 64, 1, 1}), depthwise = of(DType::f32, {64, 1, 3, 3}),
                   channels = of(DType::f32, {64});
  static_cast<void>(OneStep(device, "conv2d", {&picture, &filters, &channels}, with({{"padding", Pair{1}}})));
  static_cast<void>(OneStep(device, "conv2d", {&picture, &pointwise}));
  static_cast<void>(
      OneStep(device, "conv2d", {&picture, &depthwise}, with({{"padding", Pair{1}}, {"groups", std::int64_t{64}}})));
  for (const char* fn : {"max", "mean"})
    static_cast<void>(OneStep(device, "pooling", {&picture}, with({{"fn", std::string(fn)}, {"size", Pair{3}}})));
  for (const char* fn : {"nearest", "bilinear"})
    static_cast<void>(OneStep(device, "upsample", {&picture}, with({{"fn", std::string(fn)}, {"size", Pair{99, 99}}})));
  const HostTensor table_rows = of(DType::f32, {1000, 576}), four = of(DType::f32, {4, 576});
  static_cast<void>(OneStep(device, "scatter_add", {&table_rows, &ids, &four}));
  static_cast<void>(OneStep(device, "state_read", {&table_rows, &ids, &ids}));
  static_cast<void>(OneStep(device, "state_write", {&table_rows, &four, &ids}));
  static_cast<void>(
      OneStep(device, "attention", {&token, &token, &token, &past, &ids, &ids}, with({{"window", std::int64_t{128}}})));
  static_cast<void>(OneStep(device, "rope", {&q}, with({{"dims", std::int64_t{32}}})));
  for (const char* fn : {"gelu", "silu", "erf", "sin", "tanh", "log"})
    static_cast<void>(OneStep(device, "unary", {&x}, with({{"fn", std::string(fn)}})));
  static_cast<void>(OneStep(device, "binary", {&x, &w}, with({{"fn", std::string("pow")}})));
  static_cast<void>(OneStep(device, "reduce", {&x}, with({{"fn", std::string("mean")}, {"axis", one}})));
  static_cast<void>(OneStep(device, "transpose", {&q}, with({{"permutation", std::vector<std::int64_t>{0, 2, 1, 3}}})));
  for (const DType dtype : {DType::f32, DType::f16, DType::q8_0, DType::q4_0, DType::q4_1, DType::q5_0, DType::q5_1,
                            DType::q4_K, DType::q5_K, DType::q6_K}) {
    const HostTensor table = of(dtype, {1000, 512});
    static_cast<void>(OneStep(device, "embedding", {&table, &ids}));
  }
}

std::int64_t number(const Pipelines::Statistics& of, const char* name) {
  const auto found = of.numbers.find(name);
  return found == of.numbers.end() ? -1 : found->second;
}

struct Loop {
  int vector = 0, multiply_adds = 0, shared_reads = 0;
};

// The block of the assembly with the most multiply-adds: the inner loop.
Loop inner_loop(const std::string& assembly) {
  Loop best, now;
  std::istringstream lines(assembly);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t at = line.find_first_not_of(" \t");
    if (at == std::string::npos) continue;
    const std::string_view code = std::string_view(line).substr(at);
    if (code.starts_with("BB")) now = {};
    if (code.starts_with("v_")) ++now.vector;
    if (code.starts_with("v_fma") || code.starts_with("v_pk_fma") || code.starts_with("v_dual_fma") ||
        code.starts_with("v_mac"))
      ++now.multiply_adds;
    if (code.starts_with("ds_read") || code.starts_with("ds_load")) ++now.shared_reads;
    if (now.multiply_adds > best.multiply_adds) best = now;
    if (now.multiply_adds == best.multiply_adds && now.multiply_adds > 0) best = now;
  }
  return best;
}

}  // namespace

TEST_CASE("RADV compiles every shader without spilling, and the products' inner loops to multiply-adds") {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  WARN("nothing of ours is at work here, and Mesa's compiler under a sanitizer takes minutes");
  return;
#endif
  const std::string manifest = radv_manifest();
  if (manifest.empty()) {
    WARN("Mesa's RADV is not installed (mesa-vulkan-drivers): nothing compiled");
    return;
  }
  const Setting driver("VK_ICD_FILENAMES", manifest.c_str()), new_driver("VK_DRIVER_FILES", manifest.c_str());
  const bool show = std::getenv("MOTET_SHOW_COMPILED") != nullptr;
  for (const std::string& family : {std::string("navi21"), std::string("vega10"), rdna3(manifest)}) {
    const Setting force("RADV_FORCE_FAMILY", family.c_str());
    const auto device = Compiler::open();
    compile_all(*device);
    const auto all = device->pipelines().statistics();
    REQUIRE(all.size() > 60);
    int products = 0;
    for (const Pipelines::Statistics& found : all) {
      const Loop loop = inner_loop(found.assembly);
      const std::int64_t subgroups = number(found, "Subgroups per SIMD");
      CAPTURE(family, found.shader, subgroups, loop.vector, loop.multiply_adds, loop.shared_reads);
      if (show) {
        std::printf(
            "%-8s %-34s %3ld VGPRs %2ld subgroups %5ld bytes | inner loop: %d vector, %d multiply-adds, %d reads\n",
            family.c_str(), std::string(found.shader).c_str(), static_cast<long>(number(found, "VGPRs")),
            static_cast<long>(subgroups), static_cast<long>(number(found, "Code size")), loop.vector,
            loop.multiply_adds, loop.shared_reads);
      }
      CHECK(number(found, "Spilled SGPRs") == 0);
      CHECK(number(found, "Spilled VGPRs") == 0);
      // GCN has 256 registers a lane, of which a block of 8 x 8 sums alone takes 64: 8 subgroups would leave it 32.
      const bool product = found.shader.starts_with("mat");
      if (family != "vega10" && (product || found.shader.starts_with("attention"))) CHECK(subgroups >= 8);
      if (!found.shader.starts_with("matmul_tiled")) continue;
      ++products;
      CHECK(loop.multiply_adds >= 256);
      CHECK(loop.multiply_adds >= 0.95 * loop.vector);
      CHECK(10 * loop.shared_reads <= loop.multiply_adds);
    }
    CHECK(products >= 20);
  }
}

}  // namespace motet::device::vulkan::tests
