// What may happen below us: the system's driver with single calls that fail, or that show another machine's memory, put
// between it and the device.
#include <cstring>
#include <map>
#include <numeric>

#include "base/error.hpp"
#include "device/vulkan/instance.hpp"
#include "device/vulkan/vulkan_device.hpp"
#include "one_step.hpp"
#include "support/catch.hpp"

namespace motet::device::vulkan::tests {
namespace {

// Which calls fail from now on.
bool lost = false;
bool lost_waiting = false;
bool full = false;
// The device's memory is its own: the host sees only a second kind.
bool apart = false;
std::size_t most_parts = 0;  // of one submission

PFN_vkQueueSubmit real_submit = nullptr;
PFN_vkWaitForFences real_wait = nullptr;
PFN_vkAllocateMemory real_allocate = nullptr;
PFN_vkMapMemory real_map = nullptr;
PFN_vkGetBufferMemoryRequirements real_requirements = nullptr;
PFN_vkGetPhysicalDeviceMemoryProperties real_memory = nullptr;
std::map<VkDeviceMemory, std::uint32_t> type_of;  // as the device was shown

VkResult VKAPI_CALL submit(VkQueue queue, std::uint32_t count, const VkSubmitInfo* infos, VkFence fence) {
  most_parts = std::max<std::size_t>(most_parts, count);
  return lost ? VK_ERROR_DEVICE_LOST : real_submit(queue, count, infos, fence);
}

VkResult VKAPI_CALL wait(VkDevice device, std::uint32_t count, const VkFence* fences, VkBool32 all, std::uint64_t ns) {
  const VkResult result = real_wait(device, count, fences, all, ns);
  return lost_waiting ? VK_ERROR_DEVICE_LOST : result;
}

VkResult VKAPI_CALL allocate(VkDevice device, const VkMemoryAllocateInfo* info, const VkAllocationCallbacks* callbacks,
                             VkDeviceMemory* memory) {
  if (full) return VK_ERROR_OUT_OF_DEVICE_MEMORY;
  VkMemoryAllocateInfo real = *info;
  if (apart) real.memoryTypeIndex = 0;
  const VkResult result = real_allocate(device, &real, callbacks, memory);
  if (result == VK_SUCCESS) type_of[*memory] = info->memoryTypeIndex;
  return result;
}

VkResult VKAPI_CALL map(VkDevice device, VkDeviceMemory memory, VkDeviceSize offset, VkDeviceSize size,
                        VkMemoryMapFlags flags, void** data) {
  if (apart && type_of[memory] == 0) return VK_ERROR_MEMORY_MAP_FAILED;
  return real_map(device, memory, offset, size, flags, data);
}

void VKAPI_CALL requirements(VkDevice device, VkBuffer buffer, VkMemoryRequirements* wanted) {
  real_requirements(device, buffer, wanted);
  if (apart) wanted->memoryTypeBits = 3;
}

void VKAPI_CALL memory_properties(VkPhysicalDevice device, VkPhysicalDeviceMemoryProperties* properties) {
  real_memory(device, properties);
  if (!apart) return;
  properties->memoryTypeCount = 2;
  properties->memoryTypes[0].propertyFlags = VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT;
  properties->memoryTypes[1] = properties->memoryTypes[0];
  properties->memoryTypes[1].propertyFlags =
      VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT | VK_MEMORY_PROPERTY_HOST_COHERENT_BIT | VK_MEMORY_PROPERTY_HOST_CACHED_BIT;
}

// `ours` in the place of `name`, which is kept in `real`.
template <class Function>
PFN_vkVoidFunction replaced(PFN_vkVoidFunction found, Function& real, Function ours) {
  real = reinterpret_cast<Function>(found);
  return reinterpret_cast<PFN_vkVoidFunction>(ours);
}

PFN_vkGetDeviceProcAddr real_device_entry = nullptr;

PFN_vkVoidFunction VKAPI_CALL device_entry(VkDevice device, const char* name) {
  if (std::strcmp(name, "vkGetDeviceProcAddr") == 0) return reinterpret_cast<PFN_vkVoidFunction>(&device_entry);
  const PFN_vkVoidFunction real = real_device_entry(device, name);
  const std::string_view wanted = name;
  if (wanted == "vkQueueSubmit") return replaced(real, real_submit, &submit);
  if (wanted == "vkWaitForFences") return replaced(real, real_wait, &wait);
  if (wanted == "vkAllocateMemory") return replaced(real, real_allocate, &allocate);
  if (wanted == "vkMapMemory") return replaced(real, real_map, &map);
  if (wanted == "vkGetBufferMemoryRequirements") return replaced(real, real_requirements, &requirements);
  return real;
}

PFN_vkVoidFunction VKAPI_CALL instance_entry(VkInstance instance, const char* name) {
  const PFN_vkVoidFunction real = system_loader()(instance, name);
  const std::string_view wanted = name;
  if (wanted == "vkGetPhysicalDeviceMemoryProperties") return replaced(real, real_memory, &memory_properties);
  if (wanted == "vkGetDeviceProcAddr") return replaced(real, real_device_entry, &device_entry);
  return real;
}

OpenOptions failing() {
  lost = lost_waiting = full = apart = false;
  most_parts = 0;
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

TEST_CASE("a device that is lost while it is waited for") {
  const auto device = open_vulkan("", failing());
  const HostTensor x = noise({4, 4});
  OneStep step(*device, "softmax", {&x});
  lost_waiting = true;
  const base::Error error = error_of([&] { step.run(); });
  CHECK(error.kind() == base::ErrorKind::environment);
  CHECK_THAT(error.help(), Catch::Contains("reset"));
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

TEST_CASE("memory that the host cannot see is written and read through another") {
  OpenOptions options = failing();
  apart = true;
  const auto device = open_vulkan("", options);
  constexpr std::size_t kBytes = (9u << 20) + 12;  // several pieces, the last a short one
  std::vector<std::byte> sent(kBytes), got(kBytes);
  for (std::size_t i = 0; i < kBytes; ++i) sent[i] = static_cast<std::byte>(i * 2654435761u >> 24);
  const auto from = device->allocate(kBytes + 100);
  device->download(*from, 0, got);
  CHECK(got == std::vector<std::byte>(kBytes));  // memory starts at zero there, too
  const std::uint64_t before = device->counters().submissions;
  device->upload(*from, 100, sent);
  CHECK(device->counters().submissions == before + 3);
  device->download(*from, 100, got);
  CHECK(got == sent);
  const auto to = device->allocate(kBytes);
  device->copy(*from, *to, {1, kBytes, 100, 0, 0, 0});
  std::fill(got.begin(), got.end(), std::byte{});
  device->download(*to, 0, got);
  CHECK(got == sent);

  // A plan with a weight there.
  const HostTensor x = noise({3, 64}), weight = noise({40, 64}, 2);
  const auto constant = device->constant(weight.bytes());
  program::Attributes attributes;
  attributes.set("transpose_b", std::int64_t{1});
  OneStep with_weight(*device, "matmul", {&x, &weight}, attributes, {}, {nullptr, constant.get()});
  apart = false;
  const auto plain = open_vulkan("", options);
  OneStep step(*plain, "matmul", {&x, &weight}, attributes);
  const HostTensor wanted = step.run();
  apart = true;
  const HostTensor result = with_weight.run();
  CHECK(std::equal(result.bytes().begin(), result.bytes().end(), wanted.bytes().begin()));

  lost = true;
  CHECK_THAT(error_of([&] { device->upload(*from, 0, sent); }).help(), Catch::Contains("reset"));
}

TEST_CASE("memory for what is sent may be what is missing") {
  OpenOptions options = failing();
  apart = true;
  const auto device = open_vulkan("", options);
  const auto buffer = device->allocate(1000);
  full = true;
  const std::vector<std::byte> bytes(1000);
  const base::Error error = error_of([&] { device->upload(*buffer, 0, bytes); });
  CHECK_THAT(error.help(), Catch::Contains("memory"));
  full = false;
  CHECK_NOTHROW(device->upload(*buffer, 0, bytes));
}

TEST_CASE("a run that a watchdog would end goes on in several submissions") {
  const HostTensor q = noise({2, 50, 3, 36}), k = noise({2, 50, 3, 36}, 2), v = noise({2, 50, 3, 36}, 3);
  OpenOptions options = failing();
  options.like_hardware = true;
  const auto plain = open_vulkan("", options);
  const HostTensor wanted = OneStep(*plain, "attention", {&q, &k, &v}).run();
  CHECK(most_parts == 1);
  options.work_of_submission = 1000;
  const auto guarded = open_vulkan("", options);
  OneStep step(*guarded, "attention", {&q, &k, &v});
  const std::uint64_t before = guarded->counters().submissions;
  const HostTensor got = step.run();
  CHECK(most_parts >= 2);
  CHECK(guarded->counters().submissions == before + 1);  // handed over at once
  CHECK(std::equal(got.bytes().begin(), got.bytes().end(), wanted.bytes().begin()));
  std::vector<StepTime> times;
  step.executable().run(&times);
  REQUIRE(times.size() == 1);
  CHECK(times[0].end_ns > times[0].begin_ns);
}

}  // namespace motet::device::vulkan::tests
