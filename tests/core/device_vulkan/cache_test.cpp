// What the device keeps on disk from one start to the next: the driver's pipelines.
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "device/vulkan/instance.hpp"
#include "device/vulkan/vulkan_device.hpp"
#include "one_step.hpp"
#include "setting.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace motet::device::vulkan::tests {
namespace {

namespace fs = std::filesystem;

std::string given;  // to the driver, of what it knew
PFN_vkCreatePipelineCache real_create = nullptr;
PFN_vkGetDeviceProcAddr real_device_entry = nullptr;

VkResult VKAPI_CALL create(VkDevice device, const VkPipelineCacheCreateInfo* info,
                           const VkAllocationCallbacks* callbacks, VkPipelineCache* cache) {
  given.assign(static_cast<const char*>(info->pInitialData), info->initialDataSize);
  return real_create(device, info, callbacks, cache);
}

PFN_vkVoidFunction VKAPI_CALL device_entry(VkDevice device, const char* name) {
  if (std::strcmp(name, "vkGetDeviceProcAddr") == 0) return reinterpret_cast<PFN_vkVoidFunction>(&device_entry);
  const PFN_vkVoidFunction real = real_device_entry(device, name);
  if (std::strcmp(name, "vkCreatePipelineCache") != 0) return real;
  real_create = reinterpret_cast<PFN_vkCreatePipelineCache>(real);
  return reinterpret_cast<PFN_vkVoidFunction>(&create);
}

PFN_vkVoidFunction VKAPI_CALL instance_entry(VkInstance instance, const char* name) {
  const PFN_vkVoidFunction real = system_loader()(instance, name);
  if (std::strcmp(name, "vkGetDeviceProcAddr") != 0) return real;
  real_device_entry = reinterpret_cast<PFN_vkGetDeviceProcAddr>(real);
  return reinterpret_cast<PFN_vkVoidFunction>(&device_entry);
}

// Opens the device, computes, and closes it again.
std::vector<float> computed() {
  given = "nothing was asked for";
  OpenOptions options;
  options.loader = &instance_entry;
  const auto device = open_vulkan("", options);
  const HostTensor x = noise({3, 50});
  const HostTensor y = OneStep(*device, "softmax", {&x}).run();
  return {y.as<float>().begin(), y.as<float>().end()};
}

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write(const fs::path& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

std::vector<fs::path> files_in(const fs::path& folder) {
  return {fs::directory_iterator(folder), fs::directory_iterator()};
}

}  // namespace

TEST_CASE("pipelines are kept on disk, and the driver gets back what it gave, as long as it is whole") {
  const motet::test::TemporaryFolder cache;
  const Setting home("XDG_CACHE_HOME", cache.path().c_str());
  const std::vector<float> right = computed();
  CHECK(given == "");
  const std::vector<fs::path> files = files_in(cache.path() / "motet" / "vulkan");
  REQUIRE(files.size() == 1);  // and nothing half-written beside it
  CHECK(files[0].extension() == ".bin");
  const std::string whole = read(files[0]);

  CHECK(computed() == right);
  REQUIRE(given.size() >= 32);  // of a header alone
  CHECK(whole.find(given) != std::string::npos);

  std::string flipped = whole;
  flipped[whole.size() / 2] ^= 1;
  const std::string half = whole.substr(0, whole.size() / 2), rubbish(whole.size(), '\xa5');
  for (const std::string& broken : {std::string(), whole.substr(0, 3), half, flipped, rubbish, whole + "more"}) {
    CAPTURE(broken.size());
    write(files[0], broken);
    CHECK(computed() == right);
    CHECK(given == "");
    CHECK(computed() == right);  // it was written again
    CHECK(given.size() >= 32);
  }
}

TEST_CASE("where there is no place for pipelines nothing is kept, and all works") {
  const motet::test::TemporaryFolder cache;
  const fs::path file = cache.write("a file", "and no folder");
  const Setting home("XDG_CACHE_HOME", file.c_str());
  const std::vector<float> right = computed();
  CHECK(given == "");
  CHECK(computed() == right);
  CHECK(given == "");
  CHECK(read(file) == "and no folder");
}

}  // namespace motet::device::vulkan::tests
