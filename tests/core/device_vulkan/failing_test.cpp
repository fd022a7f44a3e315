// What goes wrong below us: the system's driver with single calls that fail, put between it and the device.
#include <cstring>

#include "base/error.hpp"
#include "device/vulkan/instance.hpp"
#include "device/vulkan/vulkan_device.hpp"
#include "one_step.hpp"
#include "support/catch.hpp"

namespace motet::device::vulkan::tests {
namespace {

// Which calls fail from now on.
bool lost = false;
bool full = false;

PFN_vkQueueSubmit real_submit = nullptr;
PFN_vkAllocateMemory real_allocate = nullptr;
PFN_vkGetDeviceProcAddr real_device_entry = nullptr;

VkResult VKAPI_CALL submit(VkQueue queue, std::uint32_t count, const VkSubmitInfo* infos, VkFence fence) {
  return lost ? VK_ERROR_DEVICE_LOST : real_submit(queue, count, infos, fence);
}

VkResult VKAPI_CALL allocate(VkDevice device, const VkMemoryAllocateInfo* info, const VkAllocationCallbacks* callbacks,
                             VkDeviceMemory* memory) {
  return full ? VK_ERROR_OUT_OF_DEVICE_MEMORY : real_allocate(device, info, callbacks, memory);
}

PFN_vkVoidFunction VKAPI_CALL device_entry(VkDevice device, const char* name) {
  if (std::strcmp(name, "vkGetDeviceProcAddr") == 0) return reinterpret_cast<PFN_vkVoidFunction>(&device_entry);
  const PFN_vkVoidFunction real = real_device_entry(device, name);
  if (std::strcmp(name, "vkQueueSubmit") == 0) {
    real_submit = reinterpret_cast<PFN_vkQueueSubmit>(real);
    return reinterpret_cast<PFN_vkVoidFunction>(&submit);
  }
  if (std::strcmp(name, "vkAllocateMemory") == 0) {
    real_allocate = reinterpret_cast<PFN_vkAllocateMemory>(real);
    return reinterpret_cast<PFN_vkVoidFunction>(&allocate);
  }
  return real;
}

PFN_vkVoidFunction VKAPI_CALL instance_entry(VkInstance instance, const char* name) {
  const PFN_vkVoidFunction real = system_loader()(instance, name);
  if (std::strcmp(name, "vkGetDeviceProcAddr") != 0) return real;
  real_device_entry = reinterpret_cast<PFN_vkGetDeviceProcAddr>(real);
  return reinterpret_cast<PFN_vkVoidFunction>(&device_entry);
}

OpenOptions failing() {
  lost = full = false;
  OpenOptions options;
  options.loader = &instance_entry;
  return options;
}

// The error that `body` throws.
template <class Body>
base::Error error_of(Body&& body) {
  try {
    body();
  } catch (const base::Error& error) {
    return error;
  }
  FAIL("nothing was thrown");
  return {base::ErrorKind::item, ""};
}

}  // namespace

TEST_CASE("a lost device is an error of the environment, of this run and of the next") {
  const auto device = open_vulkan("", failing());
  const HostTensor x = noise({4, 4});
  OneStep step(*device, "softmax", {&x});
  CHECK_NOTHROW(step.run());
  lost = true;
  for (int i = 0; i < 2; ++i) {
    const base::Error error = error_of([&] { step.run(); });
    CHECK(error.kind() == base::ErrorKind::environment);
    CHECK_THAT(error.what(), Catch::Contains("running"));
    CHECK_THAT(error.help(), Catch::Contains("reset"));
  }
}

TEST_CASE("memory that the device does not have is an error that says how much was wanted") {
  const auto device = open_vulkan("", failing());
  CHECK_NOTHROW(device->allocate(1000));
  full = true;
  const base::Error error = error_of([&] { (void)device->allocate(64u << 20); });
  CHECK(error.kind() == base::ErrorKind::environment);
  CHECK_THAT(error.what(), Catch::Contains("65536 KiB"));
  CHECK_THAT(error.help(), Catch::Contains("memory"));
  const HostTensor x = noise({4, 4});
  const base::Error preparing = error_of([&] { OneStep step(*device, "softmax", {&x}); });
  CHECK(preparing.kind() == base::ErrorKind::environment);
  full = false;
  CHECK_NOTHROW(OneStep(*device, "softmax", {&x}));
}

}  // namespace motet::device::vulkan::tests
