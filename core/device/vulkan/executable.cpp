#include "device/vulkan/executable.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>
#include <string>

#include "device/vulkan/epilogues.hpp"
#include "device/vulkan/hazards.hpp"

namespace motet::device::vulkan {
namespace {

constexpr std::uint64_t kVectorBytes = 16;  // shaders read whole vectors

void barrier(const vk::raii::CommandBuffer& commands, vk::PipelineStageFlags from, vk::AccessFlags source,
             vk::PipelineStageFlags to, vk::AccessFlags target) {
  vk::MemoryBarrier memory;
  memory.srcAccessMask = source;
  memory.dstAccessMask = target;
  commands.pipelineBarrier(from, to, {}, memory, {}, {});
}

constexpr vk::AccessFlags kShaderAccess = vk::AccessFlagBits::eShaderRead | vk::AccessFlagBits::eShaderWrite;

}  // namespace

VulkanExecutable::VulkanExecutable(LogicalDevice& device, Pipelines& pipelines, const plan::Plan& plan,
                                   const Bindings& bindings)
    : device_(device), pipelines_(pipelines), steps_(plan.steps.size()) {
  guarded("preparing " + plan.name, [&] {
    input_block_ = std::make_unique<VulkanBuffer>(device, plan.input_bytes, Place::input);
    result_block_ = std::make_unique<VulkanBuffer>(device, plan.result_bytes, Place::result);
    std::fill(input_block_->mapped().begin(), input_block_->mapped().end(), std::byte{});
    for (const plan::TensorId id : plan.inputs) {
      inputs_.push_back(input_block_->mapped().subspan(plan.tensors[id].offset, plan.tensors[id].type.size_bytes()));
    }
    for (const plan::TensorId id : plan.results) {
      results_.push_back(result_block_->mapped().subspan(plan.tensors[id].offset, plan.tensors[id].type.size_bytes()));
    }
    std::vector<Dispatch> dispatches;
    std::vector<std::size_t> steps;
    gather(plan, dispatches, steps);
    bind(plan, bindings, dispatches, steps);
    plain_ = record(false);
    ++device.counters().recordings;
  });
  device.check_validation();
}

void VulkanExecutable::gather(const plan::Plan& plan, std::vector<Dispatch>& dispatches,
                              std::vector<std::size_t>& steps) {
  std::vector<std::byte> constants;
  std::uint64_t scratch = 0;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const plan::Step& step = plan.steps[i];
    const KernelDef* kernel = find_kernel(step.op->kernel());
    if (kernel == nullptr) {
      base::fail(base::ErrorKind::environment,
                 "the Vulkan device has no kernel for " + std::string(step.op->name) + " (" + step.scope + ")",
                 "use --device cpu");
    }
    KernelCall call(plan, step, device_.physical().traits(), device_.physical().features(), pipelines_.custom_shaders(),
                    constants);
    kernel->record(call);
    if (!kernel->fuses_epilogues && !step.epilogues.empty()) add_epilogue_dispatch(call);
    scratch = std::max(scratch, call.scratch_bytes());
    for (Dispatch& dispatch : call.dispatches()) {
      // An empty tensor leaves nothing to do.
      if (std::ranges::count(dispatch.groups(), 0u) != 0) continue;
      dispatches.push_back(std::move(dispatch));
      steps.push_back(i);
    }
  }
  constants_ = std::make_unique<VulkanBuffer>(device_, constants.size(), Place::input);
  std::fill(constants_->mapped().begin(), constants_->mapped().end(), std::byte{});
  std::ranges::copy(constants, constants_->mapped().begin());
  if (scratch > 0) scratch_ = std::make_unique<VulkanBuffer>(device_, scratch, Place::device);
}

VulkanExecutable::Range VulkanExecutable::range(const plan::Plan& plan, const Bindings& bindings,
                                                const Operand& operand) const {
  // What a shader declares but does not use must still be bound to something.
  const Range nothing{constants_.get(), 0, kVectorBytes};
  const auto of = [](const Buffer* buffer) { return static_cast<const VulkanBuffer*>(buffer); };
  const std::uint64_t bytes = (operand.bytes + kVectorBytes - 1) / kVectorBytes * kVectorBytes;
  if (operand.bytes == 0) return nothing;
  switch (operand.kind) {
    case Operand::Kind::none:
      return nothing;
    case Operand::Kind::constant:
      return {constants_.get(), operand.offset, bytes};
    case Operand::Kind::scratch:
      return {scratch_.get(), operand.offset, bytes};
    case Operand::Kind::tensor:
      break;
  }
  const plan::Tensor& tensor = plan.tensors[operand.tensor];
  const plan::Traits& traits = device_.physical().traits();
  if (operand.bytes > traits.max_binding_bytes) {  // plan() has let a weight through that its kernel takes as a whole
    base::fail(base::ErrorKind::environment,
               "a tensor of " + tensor.type.text() + (tensor.name.empty() ? "" : " (" + tensor.name + ")") + " has " +
                   std::to_string(operand.bytes) + " bytes, " + traits.device + " binds at most " +
                   std::to_string(traits.max_binding_bytes),
               "use --device cpu, or shorter inputs");
  }
  switch (tensor.region) {
    case plan::Region::none:
      return nothing;
    case plan::Region::input:
      return {input_block_.get(), tensor.offset + operand.offset, bytes};
    case plan::Region::result:
      return {result_block_.get(), tensor.offset + operand.offset, bytes};
    case plan::Region::arena:
      return {of(bindings.arena), tensor.offset + operand.offset, bytes};
    case plan::Region::weight:
      return {of(bindings.weights.at(tensor.index)), operand.offset, bytes};
    case plan::Region::state:
      return {of(bindings.states.at(tensor.index)), operand.offset, bytes};
    case plan::Region::kept:
      return {of(bindings.kept.at(tensor.index)), operand.offset, bytes};
  }
  return nothing;
}

vk::BufferView VulkanExecutable::texels(const Range& range) {
  vk::BufferViewCreateInfo info;
  info.buffer = range.buffer->handle();
  info.format = vk::Format::eR32G32B32A32Sfloat;
  info.offset = range.offset;
  info.range = range.bytes;
  return *views_.emplace_back(device_.handle(), info);
}

void VulkanExecutable::bind(const plan::Plan& plan, const Bindings& bindings, const std::vector<Dispatch>& dispatches,
                            const std::vector<std::size_t>& steps) {
  if (dispatches.empty()) return;
  std::vector<vk::DescriptorSetLayout> layouts;
  std::array<vk::DescriptorPoolSize, 2> sizes{{{vk::DescriptorType::eStorageBuffer, 1},  // of a pool never 0
                                               {vk::DescriptorType::eUniformTexelBuffer, 1}}};
  for (const Dispatch& dispatch : dispatches) {
    const ShaderLayout& layout = pipelines_.layout(dispatch.shader());
    layouts.push_back(*layout.set);
    sizes[0].descriptorCount += layout.storage_buffers;
    sizes[1].descriptorCount += layout.texel_buffers;
  }
  vk::DescriptorPoolCreateInfo pool;
  pool.maxSets = static_cast<std::uint32_t>(layouts.size());
  pool.poolSizeCount = sizes.size();
  pool.pPoolSizes = sizes.data();
  descriptors_ = vk::raii::DescriptorPool(device_.handle(), pool);
  vk::DescriptorSetAllocateInfo allocation;
  allocation.descriptorPool = *descriptors_;
  allocation.descriptorSetCount = static_cast<std::uint32_t>(layouts.size());
  allocation.pSetLayouts = layouts.data();
  // The pool frees its sets.
  const std::vector<vk::DescriptorSet> sets =
      (*device_.handle()).allocateDescriptorSets(allocation, *device_.handle().getDispatcher());

  Hazards hazards;
  double work = 0;
  for (std::size_t i = 0; i < dispatches.size(); ++i) {
    const Dispatch& dispatch = dispatches[i];
    std::vector<vk::DescriptorBufferInfo> infos;
    infos.reserve(dispatch.shader().bindings.size());
    std::vector<vk::BufferView> views;
    views.reserve(dispatch.shader().bindings.size());
    std::vector<vk::WriteDescriptorSet> writes;
    std::vector<Access> accesses;
    for (const Binding& binding : dispatch.shader().bindings) {
      const Range where = range(plan, bindings, dispatch.operand(binding));
      infos.push_back({where.buffer->handle(), where.offset, where.bytes});
      vk::WriteDescriptorSet write;
      write.dstSet = sets[i];
      write.dstBinding = binding.number;
      write.descriptorCount = 1;
      write.descriptorType = descriptor_type(binding);
      if (binding.kind == Binding::Kind::texels) {
        views.push_back(texels(where));
        write.pTexelBufferView = &views.back();
      } else {
        write.pBufferInfo = &infos.back();
      }
      writes.push_back(write);
      accesses.push_back(
          {where.buffer, where.offset, where.offset + where.bytes, binding.kind == Binding::Kind::written});
    }
    device_.handle().updateDescriptorSets(writes, {});
    work += dispatch.work();
    const bool new_part = work > device_.physical().work_of_submission() && i > 0;
    if (new_part) work = dispatch.work();
    recorded_.push_back({steps[i],
                         pipelines_.pipeline(dispatch),
                         *pipelines_.layout(dispatch.shader()).pipeline,
                         sets[i],
                         {dispatch.push_bytes().begin(), dispatch.push_bytes().end()},
                         dispatch.groups(),
                         hazards.add(accesses),
                         new_part});
  }
}

VulkanExecutable::Recording VulkanExecutable::record(bool timed) const {
  Recording recording;
  const auto begin = [&] {
    recording.buffers.push_back(device_.command_buffer());
    recording.buffers.back().begin(vk::CommandBufferBeginInfo{});
    // What earlier submissions wrote: states, kept values, uploads.
    barrier(recording.buffers.back(), vk::PipelineStageFlagBits::eComputeShader | vk::PipelineStageFlagBits::eTransfer,
            vk::AccessFlagBits::eShaderWrite | vk::AccessFlagBits::eTransferWrite,
            vk::PipelineStageFlagBits::eComputeShader, kShaderAccess);
  };
  begin();
  if (timed) recording.buffers.back().resetQueryPool(*queries_, 0, static_cast<std::uint32_t>(2 * steps_));
  std::size_t step = ~std::size_t{0};
  const auto stamp = [&](std::size_t of, std::uint32_t which, vk::PipelineStageFlagBits stage) {
    if (timed) recording.buffers.back().writeTimestamp(stage, *queries_, static_cast<std::uint32_t>(2 * of) + which);
  };
  for (const Recorded& dispatch : recorded_) {
    const bool next = dispatch.step != step;
    if (next && step != ~std::size_t{0}) stamp(step, 1, vk::PipelineStageFlagBits::eComputeShader);
    if (dispatch.new_part) {
      recording.buffers.back().end();
      begin();
    }
    const vk::raii::CommandBuffer& commands = recording.buffers.back();
    if (dispatch.barrier || (timed && next)) {
      barrier(commands, vk::PipelineStageFlagBits::eComputeShader, vk::AccessFlagBits::eShaderWrite,
              vk::PipelineStageFlagBits::eComputeShader, kShaderAccess);
    }
    if (next) stamp(dispatch.step, 0, vk::PipelineStageFlagBits::eComputeShader);
    step = dispatch.step;
    commands.bindPipeline(vk::PipelineBindPoint::eCompute, dispatch.pipeline);
    commands.bindDescriptorSets(vk::PipelineBindPoint::eCompute, dispatch.layout, 0, dispatch.set, {});
    if (!dispatch.push.empty()) {
      commands.pushConstants<std::byte>(dispatch.layout, vk::ShaderStageFlagBits::eCompute, 0, dispatch.push);
    }
    commands.dispatch(dispatch.groups[0], dispatch.groups[1], dispatch.groups[2]);
  }
  if (step != ~std::size_t{0}) stamp(step, 1, vk::PipelineStageFlagBits::eComputeShader);
  barrier(recording.buffers.back(), vk::PipelineStageFlagBits::eComputeShader, vk::AccessFlagBits::eShaderWrite,
          vk::PipelineStageFlagBits::eHost, vk::AccessFlagBits::eHostRead);
  recording.buffers.back().end();
  for (const vk::raii::CommandBuffer& buffer : recording.buffers) recording.handles.push_back(*buffer);
  return recording;
}

void VulkanExecutable::run(std::vector<StepTime>* times) {
  if (times != nullptr && device_.physical().timestamp_bits() > 0) return time(*times);
  device_.run(plain_.handles);
  if (times != nullptr) times->assign(steps_, {});
}

void VulkanExecutable::time(std::vector<StepTime>& times) {
  times.assign(steps_, {});
  if (recorded_.empty()) return;
  guarded("timing", [&] {
    if (timed_.buffers.empty()) {
      vk::QueryPoolCreateInfo info;
      info.queryType = vk::QueryType::eTimestamp;
      info.queryCount = static_cast<std::uint32_t>(2 * steps_);
      queries_ = vk::raii::QueryPool(device_.handle(), info);
      timed_ = record(true);
    }
    device_.run(timed_.handles);
    struct Stamp {
      std::uint64_t ticks, available;
    };
    std::vector<Stamp> stamps(2 * steps_);
    const auto flags = vk::QueryResultFlagBits::e64 | vk::QueryResultFlagBits::eWithAvailability;
    // Steps without a dispatch have no stamp: not ready is no failure.
    (void)(*device_.handle())
        .getQueryPoolResults(*queries_, 0, static_cast<std::uint32_t>(stamps.size()), stamps.size() * sizeof(Stamp),
                             stamps.data(), sizeof(Stamp), flags, *device_.handle().getDispatcher());
    const double period = device_.physical().properties().limits.timestampPeriod;
    for (std::size_t i = 0; i < steps_; ++i) {
      if (stamps[2 * i].available == 0 || stamps[2 * i + 1].available == 0) continue;
      times[i].begin_ns = static_cast<std::uint64_t>(static_cast<double>(stamps[2 * i].ticks) * period);
      times[i].end_ns = static_cast<std::uint64_t>(static_cast<double>(stamps[2 * i + 1].ticks) * period);
    }
  });
}

}  // namespace motet::device::vulkan
