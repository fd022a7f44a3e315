// A plan's dispatches, bound to memory and recorded once.
#pragma once

#include <memory>
#include <vector>

#include "device/vulkan/buffer.hpp"
#include "device/vulkan/kernel.hpp"
#include "device/vulkan/pipelines.hpp"

namespace motet::device::vulkan {

class VulkanExecutable final : public Executable {
 public:
  // Copies what it needs of the plan. Throws base::Error(environment).
  VulkanExecutable(LogicalDevice& device, Pipelines& pipelines, const plan::Plan& plan, const Bindings& bindings);

  std::span<std::byte> input(std::size_t i) override { return inputs_[i]; }
  std::span<const std::byte> result(std::size_t i) override { return results_[i]; }
  void run(std::vector<StepTime>* times) override;

 private:
  // A dispatch with everything that recording it again needs.
  struct Recorded {
    std::size_t step;
    vk::Pipeline pipeline;
    vk::PipelineLayout layout;
    vk::DescriptorSet set;
    std::vector<std::byte> push;
    std::array<std::uint32_t, 3> groups;
    bool barrier;   // before it
    bool new_part;  // begins another submission
  };
  struct Recording {
    std::vector<vk::raii::CommandBuffer> buffers;
    std::vector<vk::CommandBuffer> handles;
  };
  struct Range {
    const VulkanBuffer* buffer;
    std::uint64_t offset, bytes;
  };

  void gather(const plan::Plan& plan, std::vector<Dispatch>& dispatches, std::vector<std::size_t>& steps);
  void bind(const plan::Plan& plan, const Bindings& bindings, const std::vector<Dispatch>& dispatches,
            const std::vector<std::size_t>& steps);
  vk::BufferView texels(const Range& range);  // a new one of views_
  Range range(const plan::Plan& plan, const Bindings& bindings, const Operand& operand) const;
  Recording record(bool timed) const;
  void time(std::vector<StepTime>& times);

  LogicalDevice& device_;
  Pipelines& pipelines_;
  std::size_t steps_;
  std::unique_ptr<VulkanBuffer> input_block_, result_block_, constants_, scratch_;
  std::vector<std::span<std::byte>> inputs_;
  std::vector<std::span<const std::byte>> results_;
  std::vector<vk::raii::BufferView> views_;
  vk::raii::DescriptorPool descriptors_{nullptr};
  std::vector<Recorded> recorded_;
  Recording plain_, timed_;  // timed_ only once somebody asks
  vk::raii::QueryPool queries_{nullptr};
};

}  // namespace motet::device::vulkan
