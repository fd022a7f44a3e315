#include "absent_gpu.hpp"

#include <dlfcn.h>
#include <link.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "device/vulkan/epilogues.hpp"
#include "setting.hpp"
#include "support/catch.hpp"

namespace motet::device::vulkan::tests {
namespace {

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
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

}  // namespace

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
std::vector<std::string> gpu_families(const std::string& manifest) {
  const std::string json = bytes_of(manifest);
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
  const std::string bytes = bytes_of(library);
  REQUIRE(!bytes.empty());
  return {"navi21", "vega10", bytes.find("NAVI31") != std::string::npos ? "navi31" : "gfx1100"};
}

std::unique_ptr<AbsentGpu> AbsentGpu::open(const std::string& manifest, const std::string& family) {
  const Setting driver("VK_ICD_FILENAMES", manifest.c_str()), new_driver("VK_DRIVER_FILES", manifest.c_str());
  const Setting force("RADV_FORCE_FAMILY", family.c_str());
  auto instance = std::make_unique<Instance>(false);
  auto devices = instance->physical_devices();
  REQUIRE(devices.size() == 1);
  PhysicalDevice physical(std::move(devices.front()));
  return std::make_unique<AbsentGpu>(std::move(instance), std::move(physical));
}

std::string AbsentGpu::mesa() const {
  const std::uint32_t version = device_.physical().properties().driverVersion;
  return std::to_string(VK_API_VERSION_MAJOR(version)) + "." + std::to_string(VK_API_VERSION_MINOR(version)) + "." +
         std::to_string(VK_API_VERSION_PATCH(version));
}

std::unique_ptr<Executable> AbsentGpu::prepare(const plan::Plan& plan, const Bindings&) {
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

}  // namespace motet::device::vulkan::tests
