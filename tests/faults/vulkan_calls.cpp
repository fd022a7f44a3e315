#include "faults/vulkan_calls.hpp"

#include <atomic>
#include <cstring>

#include "device/vulkan/instance.hpp"
#include "device/vulkan/vulkan_device.hpp"
#include "faults/injector/faults.h"

namespace motet::test {
namespace {

std::atomic<std::int64_t> objects{0};

enum class What { makes, does, waits };

// A function of Vulkan that may fail, in its place: `kTag` makes one of each, `kError` is what it fails with.
template <class Function, int kTag, VkResult kError, What kWhat>
struct Failing;
template <class... Arguments, int kTag, VkResult kError, What kWhat>
struct Failing<VkResult(VKAPI_PTR*)(Arguments...), kTag, kError, kWhat> {
  using Function = VkResult(VKAPI_PTR*)(Arguments...);
  static inline Function real = nullptr;
  static VkResult VKAPI_CALL call(Arguments... arguments) {
    const bool fails = motet_faults_call(MOTET_FAULT_OTHER) == 1;
    // Waiting for a device that is lost leaves nothing that still runs; otherwise what fails has not been done.
    if (fails && kWhat == What::waits) real(arguments...);
    if (fails) return kError;
    const VkResult result = real(arguments...);
    if (kWhat == What::makes && result == VK_SUCCESS) ++objects;
    return result;
  }
  static PFN_vkVoidFunction before(PFN_vkVoidFunction found) {
    real = reinterpret_cast<Function>(found);
    return reinterpret_cast<PFN_vkVoidFunction>(&call);
  }
};

// One that ends an object, which comes last but one among its arguments.
template <class Function, int kTag>
struct Ending;
template <class Owner, class Handle, int kTag>
struct Ending<void(VKAPI_PTR*)(Owner, Handle, const VkAllocationCallbacks*), kTag> {
  using Function = void(VKAPI_PTR*)(Owner, Handle, const VkAllocationCallbacks*);
  static inline Function real = nullptr;
  static void VKAPI_CALL call(Owner owner, Handle handle, const VkAllocationCallbacks* callbacks) {
    if (handle != Handle{}) --objects;
    real(owner, handle, callbacks);
  }
  static PFN_vkVoidFunction before(PFN_vkVoidFunction found) {
    real = reinterpret_cast<Function>(found);
    return reinterpret_cast<PFN_vkVoidFunction>(&call);
  }
};
template <class Handle, int kTag>
struct Ending<void(VKAPI_PTR*)(Handle, const VkAllocationCallbacks*), kTag> {
  using Function = void(VKAPI_PTR*)(Handle, const VkAllocationCallbacks*);
  static inline Function real = nullptr;
  static void VKAPI_CALL call(Handle handle, const VkAllocationCallbacks* callbacks) {
    if (handle != Handle{}) --objects;
    real(handle, callbacks);
  }
  static PFN_vkVoidFunction before(PFN_vkVoidFunction found) {
    real = reinterpret_cast<Function>(found);
    return reinterpret_cast<PFN_vkVoidFunction>(&call);
  }
};

struct Entry {
  const char* name;
  PFN_vkVoidFunction (*before)(PFN_vkVoidFunction);
};
#define MAKES(name, error) {#name, &Failing<PFN_##name, __LINE__, error, What::makes>::before}
#define DOES(name, error) {#name, &Failing<PFN_##name, __LINE__, error, What::does>::before}
#define WAITS(name, error) {#name, &Failing<PFN_##name, __LINE__, error, What::waits>::before}
#define ENDS(name) {#name, &Ending<PFN_##name, __LINE__>::before}

// Each with an error that Vulkan's specification lists for it.
constexpr Entry kEntries[] = {
    MAKES(vkCreateInstance, VK_ERROR_OUT_OF_HOST_MEMORY),
    ENDS(vkDestroyInstance),
    DOES(vkEnumerateInstanceVersion, VK_ERROR_OUT_OF_HOST_MEMORY),
    DOES(vkEnumerateInstanceLayerProperties, VK_ERROR_OUT_OF_HOST_MEMORY),
    DOES(vkEnumeratePhysicalDevices, VK_ERROR_OUT_OF_HOST_MEMORY),
    DOES(vkEnumerateDeviceExtensionProperties, VK_ERROR_OUT_OF_HOST_MEMORY),
    MAKES(vkCreateDevice, VK_ERROR_OUT_OF_HOST_MEMORY),
    ENDS(vkDestroyDevice),
    MAKES(vkCreateCommandPool, VK_ERROR_OUT_OF_HOST_MEMORY),
    ENDS(vkDestroyCommandPool),
    DOES(vkAllocateCommandBuffers, VK_ERROR_OUT_OF_HOST_MEMORY),
    DOES(vkBeginCommandBuffer, VK_ERROR_OUT_OF_HOST_MEMORY),
    DOES(vkEndCommandBuffer, VK_ERROR_OUT_OF_DEVICE_MEMORY),
    MAKES(vkCreateBuffer, VK_ERROR_OUT_OF_HOST_MEMORY),
    ENDS(vkDestroyBuffer),
    MAKES(vkAllocateMemory, VK_ERROR_OUT_OF_DEVICE_MEMORY),
    ENDS(vkFreeMemory),
    DOES(vkBindBufferMemory, VK_ERROR_OUT_OF_DEVICE_MEMORY),
    DOES(vkMapMemory, VK_ERROR_MEMORY_MAP_FAILED),
    MAKES(vkCreateShaderModule, VK_ERROR_OUT_OF_HOST_MEMORY),
    ENDS(vkDestroyShaderModule),
    MAKES(vkCreateDescriptorSetLayout, VK_ERROR_OUT_OF_HOST_MEMORY),
    ENDS(vkDestroyDescriptorSetLayout),
    MAKES(vkCreatePipelineLayout, VK_ERROR_OUT_OF_HOST_MEMORY),
    ENDS(vkDestroyPipelineLayout),
    MAKES(vkCreatePipelineCache, VK_ERROR_OUT_OF_HOST_MEMORY),
    ENDS(vkDestroyPipelineCache),
    DOES(vkGetPipelineCacheData, VK_ERROR_OUT_OF_HOST_MEMORY),
    MAKES(vkCreateComputePipelines, VK_ERROR_OUT_OF_DEVICE_MEMORY),  // one a call
    ENDS(vkDestroyPipeline),
    MAKES(vkCreateDescriptorPool, VK_ERROR_OUT_OF_HOST_MEMORY),
    ENDS(vkDestroyDescriptorPool),
    DOES(vkAllocateDescriptorSets, VK_ERROR_OUT_OF_DEVICE_MEMORY),
    MAKES(vkCreateQueryPool, VK_ERROR_OUT_OF_HOST_MEMORY),
    ENDS(vkDestroyQueryPool),
    DOES(vkGetQueryPoolResults, VK_ERROR_DEVICE_LOST),
    MAKES(vkCreateFence, VK_ERROR_OUT_OF_HOST_MEMORY),
    ENDS(vkDestroyFence),
    DOES(vkResetFences, VK_ERROR_OUT_OF_DEVICE_MEMORY),
    WAITS(vkWaitForFences, VK_ERROR_DEVICE_LOST),
    DOES(vkQueueSubmit, VK_ERROR_DEVICE_LOST),
    WAITS(vkQueueWaitIdle, VK_ERROR_DEVICE_LOST),
    WAITS(vkDeviceWaitIdle, VK_ERROR_DEVICE_LOST),
};

PFN_vkVoidFunction before(const char* name, PFN_vkVoidFunction found) {
  for (const Entry& entry : kEntries) {
    if (found != nullptr && std::strcmp(entry.name, name) == 0) return entry.before(found);
  }
  return found;
}

PFN_vkGetDeviceProcAddr real_device_entry = nullptr;

PFN_vkVoidFunction VKAPI_CALL device_entry(VkDevice device, const char* name) {
  if (std::strcmp(name, "vkGetDeviceProcAddr") == 0) return reinterpret_cast<PFN_vkVoidFunction>(&device_entry);
  return before(name, real_device_entry(device, name));
}

PFN_vkVoidFunction VKAPI_CALL instance_entry(VkInstance instance, const char* name) {
  const PFN_vkVoidFunction found = device::vulkan::system_loader()(instance, name);
  if (std::strcmp(name, "vkGetDeviceProcAddr") != 0) return before(name, found);
  real_device_entry = reinterpret_cast<PFN_vkGetDeviceProcAddr>(found);
  return reinterpret_cast<PFN_vkVoidFunction>(&device_entry);
}
}  // namespace

std::unique_ptr<device::Device> open_failing_vulkan() {
  device::vulkan::OpenOptions options;
  options.loader = &instance_entry;
  return device::vulkan::open_vulkan("", options);
}

std::int64_t vulkan_objects() { return objects; }

}  // namespace motet::test
