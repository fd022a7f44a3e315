// The device itself: what there is, memory, counting, and what a run costs.
#include <algorithm>
#include <vector>

#include "base/error.hpp"
#include "device/vulkan/vulkan_device.hpp"
#include "one_step.hpp"
#include "setting.hpp"
#include "support/catch.hpp"

namespace motet::device::vulkan::tests {

TEST_CASE("devices are listed with what they can do") {
  const std::vector<DeviceInfo> list = list_vulkan();
  REQUIRE(!list.empty());
  CHECK(list[0].problem == "");
  CHECK(list[0].name.starts_with("vulkan:"));
  CHECK(list[0].traits.offset_alignment >= 64);
  CHECK(list[0].traits.max_binding_bytes >= (1u << 27));
  CHECK(list[0].traits.subgroup_size >= 4);
}

TEST_CASE("a device that is not there is named, with those that are") {
  const std::string there = list_vulkan()[0].name.substr(7);
  try {
    open_vulkan("no such device");
    FAIL("opened");
  } catch (const base::Error& error) {
    CHECK(error.kind() == base::ErrorKind::environment);
    CHECK_THAT(error.what(), Catch::Contains("no such device") && Catch::Contains(there));
  }
  CHECK(open_vulkan(there.substr(0, 5))->traits().device == "vulkan:" + there);
}

TEST_CASE("a loader without any driver is an error that says what to install") {
  const Setting unwatched("MOTET_VULKAN_VALIDATION", "0");  // this loader has no layers either
  OpenOptions options;
  // A loader that knows only its version, and refuses to make an instance as one without drivers does.
  options.loader = [](::VkInstance_T*, const char* name) -> void (*)() {
    using Call = void (*)();
    if (std::string_view(name) == "vkCreateInstance") {
      return reinterpret_cast<Call>(
          +[](const void*, const void*, void*) { return -9; });  // VK_ERROR_INCOMPATIBLE_DRIVER
    }
    if (std::string_view(name) == "vkEnumerateInstanceVersion") {
      return reinterpret_cast<Call>(+[](unsigned* version) {
        *version = 1u << 22 | 1u << 12;
        return 0;
      });
    }
    return nullptr;
  };
  try {
    open_vulkan("", options);
    FAIL("opened");
  } catch (const base::Error& error) {
    CHECK(error.kind() == base::ErrorKind::environment);
    CHECK_THAT(error.help(), Catch::Contains("mesa-vulkan-drivers"));
  }
}

TEST_CASE("memory starts at zero, and pieces of it are copied") {
  const auto device = open_vulkan("");
  const auto from = device->allocate(1000);
  std::vector<std::byte> bytes(1000, std::byte{1});
  device->download(*from, 0, bytes);
  CHECK(std::all_of(bytes.begin(), bytes.end(), [](std::byte b) { return b == std::byte{0}; }));
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(i % 251);
  device->upload(*from, 0, bytes);
  const auto to = device->allocate(2000);
  device->copy(*from, *to, {3, 8, 16, 100, 40, 200});
  std::vector<std::byte> copied(2000);
  device->download(*to, 0, copied);
  for (std::size_t i = 0; i < 2000; ++i) {
    const std::size_t block = i < 40 ? 9 : (i - 40) / 200;
    const bool inside = block < 3 && (i - 40) % 200 < 8;
    const std::byte wanted = inside ? bytes[16 + block * 100 + (i - 40) % 200] : std::byte{0};
    if (copied[i] != wanted) FAIL("byte " << i);
  }
}

TEST_CASE("a run allocates and records nothing, and is one submission") {
  const auto device = open_vulkan("");
  const HostTensor x = noise({3, 50});
  program::Attributes attributes;
  attributes.set("fn", std::string("neg"));
  OneStep step(*device, "unary", {&x}, attributes);
  const Counters before = device->counters();
  for (int i = 0; i < 5; ++i) step.executable().run();
  const Counters after = device->counters();
  CHECK(after.allocations == before.allocations);
  CHECK(after.recordings == before.recordings);
  CHECK(after.submissions == before.submissions + 5);
  CHECK(step.run().as<float>()[7] == -x.as<float>()[7]);
}

TEST_CASE("a timed run gives each step's interval and the same result") {
  const auto device = open_vulkan("");
  const HostTensor a = noise({200, 300}), b = noise({300, 200});
  OneStep step(*device, "matmul", {&a, &b});
  const HostTensor plain = step.run();
  std::vector<StepTime> times;
  step.executable().run(&times);
  REQUIRE(times.size() == 1);
  CHECK(times[0].end_ns > times[0].begin_ns);
  CHECK(std::equal(plain.bytes().begin(), plain.bytes().end(), step.executable().result(0).begin()));
}

}  // namespace motet::device::vulkan::tests
