#include "device/vulkan/vulkan_device.hpp"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <string>
#include <utility>

#include "device/vulkan/buffer.hpp"
#include "device/vulkan/executable.hpp"
#include "device/vulkan/instance.hpp"
#include "device/vulkan/logical_device.hpp"
#include "device/vulkan/physical_device.hpp"
#include "device/vulkan/pipelines.hpp"

namespace motet::device::vulkan {
namespace {

constexpr std::uint64_t kStagingBytes = 4u << 20;

class VulkanDevice final : public Device {
 public:
  VulkanDevice(std::unique_ptr<Instance> instance, PhysicalDevice physical)
      : device_(std::move(instance), std::move(physical)), pipelines_(device_), commands_(device_.command_buffer()) {}

  const plan::Traits& traits() const override { return device_.physical().traits(); }
  Counters counters() const override { return std::as_const(device_).counters(); }

  std::unique_ptr<Buffer> allocate(std::uint64_t size_bytes) override {
    auto buffer = std::make_unique<VulkanBuffer>(device_, size_bytes, Place::device);
    clear(*buffer);
    return buffer;
  }

  std::unique_ptr<Buffer> constant(std::span<const std::byte> bytes) override {
    auto buffer = std::make_unique<VulkanBuffer>(device_, bytes.size(), Place::device);
    if (buffer->mapped().empty()) clear(*buffer);  // the padding is read too
    upload(*buffer, 0, bytes);
    return buffer;
  }

  void upload(Buffer& to, std::uint64_t offset, std::span<const std::byte> bytes) override {
    auto& target = static_cast<VulkanBuffer&>(to);
    if (!target.mapped().empty()) {
      std::memcpy(target.mapped().data() + offset, bytes.data(), bytes.size());
      return;
    }
    for (std::uint64_t done = 0; done < bytes.size(); done += kStagingBytes) {
      const std::uint64_t count = std::min<std::uint64_t>(kStagingBytes, bytes.size() - done);
      std::memcpy(staging().mapped().data(), bytes.data() + done, count);
      copy_piece(staging(), target, {{0, offset + done, count}});
    }
  }

  void download(const Buffer& from, std::uint64_t offset, std::span<std::byte> bytes) override {
    const auto& source = static_cast<const VulkanBuffer&>(from);
    if (!source.mapped().empty()) {
      std::memcpy(bytes.data(), source.mapped().data() + offset, bytes.size());
      return;
    }
    for (std::uint64_t done = 0; done < bytes.size(); done += kStagingBytes) {
      const std::uint64_t count = std::min<std::uint64_t>(kStagingBytes, bytes.size() - done);
      copy_piece(source, staging(), {{offset + done, 0, count}});
      std::memcpy(bytes.data() + done, staging().mapped().data(), count);
    }
  }

  void copy(const Buffer& from, Buffer& to, const CopyShape& shape) override {
    std::vector<vk::BufferCopy> regions;
    for (std::uint64_t i = 0; i < shape.blocks && shape.bytes > 0; ++i) {
      regions.push_back(
          {shape.from_offset + i * shape.from_stride, shape.to_offset + i * shape.to_stride, shape.bytes});
    }
    if (!regions.empty()) copy_piece(static_cast<const VulkanBuffer&>(from), static_cast<VulkanBuffer&>(to), regions);
  }

  std::unique_ptr<Executable> prepare(const plan::Plan& plan, const Bindings& bindings) override {
    return std::make_unique<VulkanExecutable>(device_, pipelines_, plan, bindings);
  }

 private:
  VulkanBuffer& staging() {
    if (!staging_) staging_ = std::make_unique<VulkanBuffer>(device_, kStagingBytes, Place::result);
    return *staging_;
  }

  void clear(VulkanBuffer& buffer) {
    if (!buffer.mapped().empty()) {
      std::memset(buffer.mapped().data(), 0, buffer.mapped().size());
      return;
    }
    submit([&](const vk::raii::CommandBuffer& commands) { commands.fillBuffer(buffer.handle(), 0, VK_WHOLE_SIZE, 0); });
  }

  void copy_piece(const VulkanBuffer& from, const VulkanBuffer& to, const std::vector<vk::BufferCopy>& regions) {
    submit([&](const vk::raii::CommandBuffer& commands) { commands.copyBuffer(from.handle(), to.handle(), regions); });
  }

  template <class Record>
  void submit(Record&& record) {
    guarded("copying", [&] {
      using Stage = vk::PipelineStageFlagBits;
      using Access = vk::AccessFlagBits;
      commands_.begin(vk::CommandBufferBeginInfo{});
      vk::MemoryBarrier before;
      before.srcAccessMask = Access::eShaderWrite | Access::eTransferWrite;
      before.dstAccessMask = Access::eTransferRead | Access::eTransferWrite;
      commands_.pipelineBarrier(Stage::eComputeShader | Stage::eTransfer, Stage::eTransfer, {}, before, {}, {});
      record(commands_);
      vk::MemoryBarrier after;
      after.srcAccessMask = Access::eTransferWrite;
      after.dstAccessMask = Access::eHostRead;
      commands_.pipelineBarrier(Stage::eTransfer, Stage::eHost, {}, after, {}, {});
      commands_.end();
    });
    const vk::CommandBuffer handle = *commands_;
    device_.run({&handle, 1});
  }

  LogicalDevice device_;
  Pipelines pipelines_;
  vk::raii::CommandBuffer commands_;
  std::unique_ptr<VulkanBuffer> staging_;  // only where the device's memory is not the host's
};

std::vector<PhysicalDevice> devices_of(const Instance& instance) {
  std::vector<PhysicalDevice> devices;
  for (auto& handle : instance.physical_devices()) devices.emplace_back(std::move(handle));
  std::stable_sort(devices.begin(), devices.end(),
                   [](const auto& a, const auto& b) { return a.preference() > b.preference(); });
  return devices;
}

bool contains(std::string_view text, std::string_view part) {
  const auto same = [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
  };
  return std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

std::unique_ptr<Device> open(std::string_view which, const OpenOptions& options) {
  auto instance = std::make_unique<Instance>(validation_wanted(), options.loader);
  std::string there;
  for (PhysicalDevice& device : devices_of(*instance)) {
    const std::string problem = device.problem();
    if (problem.empty() && contains(device.name(), which)) {
      if (options.like_hardware) device.pretend_hardware();
      if (options.work_of_submission > 0) device.pretend_watchdog(options.work_of_submission);
      if (options.max_binding_bytes > 0) device.pretend_small_bindings(options.max_binding_bytes);
      return std::make_unique<VulkanDevice>(std::move(instance), std::move(device));
    }
    there += (there.empty() ? "" : "; ") + device.name() + (problem.empty() ? "" : " (" + problem + ")");
  }
  const std::string wanted =
      which.empty() ? "no Vulkan device that can be used" : "no Vulkan device named " + std::string(which);
  base::fail(base::ErrorKind::environment, wanted + (there.empty() ? "" : "; there is: " + there),
             there.empty() ? "install a Vulkan driver (mesa-vulkan-drivers), or use --device cpu"
                           : "use one of these, or --device cpu");
}

}  // namespace

std::unique_ptr<Device> open_vulkan(std::string_view which, const OpenOptions& options) {
  return guarded("opening a device", [&] { return open(which, options); });
}

std::vector<DeviceInfo> list_vulkan() {
  std::vector<DeviceInfo> list;
  std::string problem = "there is no Vulkan driver: install mesa-vulkan-drivers";
  try {
    const Instance instance(false);
    for (const PhysicalDevice& device : devices_of(instance)) list.push_back(device.info());
  } catch (const base::Error& error) {
    problem = error.what();
  } catch (const std::exception& error) {
    problem = std::string("the Vulkan driver fails: ") + error.what();
  }
  if (list.empty()) {
    DeviceInfo none;
    none.name = "vulkan";
    none.kind = "other";
    none.problem = problem;
    list.push_back(none);
  }
  return list;
}

}  // namespace motet::device::vulkan
