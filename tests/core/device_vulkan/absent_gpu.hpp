// A GPU that is not there, as Mesa's RADV compiles for it: pipelines are made, and nothing runs.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "device/device.hpp"
#include "device/vulkan/kernel.hpp"
#include "device/vulkan/logical_device.hpp"
#include "device/vulkan/pipelines.hpp"

namespace motet::device::vulkan::tests {

// RADV's manifest; "" where it is not installed.
std::string radv_manifest();
// The GPUs that we look at, by the names that RADV_FORCE_FAMILY takes: RDNA 2, GCN 5, RDNA 3.
std::vector<std::string> gpu_families(const std::string& manifest);

class AbsentGpu final : public Device {
 public:
  static std::unique_ptr<AbsentGpu> open(const std::string& manifest, const std::string& family);
  AbsentGpu(std::unique_ptr<Instance> instance, PhysicalDevice physical)
      : device_(std::move(instance), std::move(physical)), pipelines_(device_) {}

  void compile(const Shader& shader) { pipelines_.pipeline(Dispatch(shader)); }  // with its own constants
  const Pipelines& pipelines() const { return pipelines_; }
  std::string mesa() const;  // the driver's version
  const plan::Traits& traits() const override { return device_.physical().traits(); }
  std::unique_ptr<Buffer> allocate(std::uint64_t) override { return nullptr; }
  std::unique_ptr<Buffer> constant(std::span<const std::byte>) override { return nullptr; }
  void upload(Buffer&, std::uint64_t, std::span<const std::byte>) override {}
  void download(const Buffer&, std::uint64_t, std::span<std::byte>) override {}
  void copy(const Buffer&, Buffer&, const CopyShape&) override {}
  Counters counters() const override { return {}; }
  std::unique_ptr<Executable> prepare(const plan::Plan& plan, const Bindings&) override;

 private:
  LogicalDevice device_;
  Pipelines pipelines_;
};

}  // namespace motet::device::vulkan::tests
