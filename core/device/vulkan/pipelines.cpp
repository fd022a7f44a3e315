#include "device/vulkan/pipelines.hpp"

#include <xxhash.h>

#include <algorithm>
#include <cstring>
#include <set>
#include <span>
#include <string>

#include "device/vulkan/cache_folder.hpp"

namespace motet::device::vulkan {
namespace {

std::filesystem::path cache_file(const PhysicalDevice& physical) {
  const std::filesystem::path folder = cache_folder();
  return folder.empty() ? folder : folder / (physical.uuid() + ".bin");
}

using Sum = std::uint64_t;

Sum sum_of(std::span<const char> bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

// What the driver gave at an earlier start. It must get back just that, and looks no further than its first bytes: a
// sum lies before it in the file, and where that is wrong nothing is known.
std::vector<char> read_known(const std::filesystem::path& file) {
  std::vector<char> bytes = file.empty() ? std::vector<char>{} : read_cached(file);
  Sum sum = 0;
  if (bytes.size() < sizeof sum) return {};
  std::memcpy(&sum, bytes.data(), sizeof sum);
  bytes.erase(bytes.begin(), bytes.begin() + sizeof sum);
  if (sum_of(bytes) != sum) bytes.clear();
  return bytes;
}

vk::raii::PipelineCache make_cache(const LogicalDevice& device, const std::filesystem::path& file) {
  const std::vector<char> known = read_known(file);
  vk::PipelineCacheCreateInfo info;
  info.initialDataSize = known.size();
  info.pInitialData = known.data();
  return vk::raii::PipelineCache(device.handle(), info);
}

ShaderLayout make_layout(const LogicalDevice& device, const Shader& shader) {
  ShaderLayout layout;
  vk::ShaderModuleCreateInfo module;
  module.codeSize = shader.words.size_bytes();
  module.pCode = shader.words.data();
  layout.module = vk::raii::ShaderModule(device.handle(), module);

  std::set<std::uint32_t> numbers;
  std::vector<vk::DescriptorSetLayoutBinding> bindings;
  for (const Binding& known : shader.bindings) {
    if (!numbers.insert(known.number).second) continue;
    vk::DescriptorSetLayoutBinding binding;
    binding.binding = known.number;
    binding.descriptorType = descriptor_type(known);
    binding.descriptorCount = 1;
    binding.stageFlags = vk::ShaderStageFlagBits::eCompute;
    bindings.push_back(binding);
    ++(known.kind == Binding::Kind::texels ? layout.texel_buffers : layout.storage_buffers);
  }
  vk::DescriptorSetLayoutCreateInfo set;
  set.bindingCount = static_cast<std::uint32_t>(bindings.size());
  set.pBindings = bindings.data();
  layout.set = vk::raii::DescriptorSetLayout(device.handle(), set);

  vk::PushConstantRange range;
  range.stageFlags = vk::ShaderStageFlagBits::eCompute;
  for (const PushMember& member : shader.push) range.size = std::max(range.size, member.offset + 4 * member.words);
  vk::PipelineLayoutCreateInfo pipeline;
  const vk::DescriptorSetLayout handle = *layout.set;
  pipeline.setLayoutCount = 1;
  pipeline.pSetLayouts = &handle;
  pipeline.pushConstantRangeCount = range.size == 0 ? 0 : 1;
  pipeline.pPushConstantRanges = &range;
  layout.pipeline = vk::raii::PipelineLayout(device.handle(), pipeline);
  return layout;
}

}  // namespace

vk::DescriptorType descriptor_type(const Binding& binding) {
  return binding.kind == Binding::Kind::texels ? vk::DescriptorType::eUniformTexelBuffer
                                               : vk::DescriptorType::eStorageBuffer;
}

Pipelines::Pipelines(LogicalDevice& device) : device_(device), file_(cache_file(device.physical())) {
  guarded("reading the pipeline cache", [&] { cache_ = make_cache(device, file_); });
}

Pipelines::~Pipelines() {
  // A cache that cannot be written costs time at the next start, and nothing else.
  try {
    if (!pipelines_.empty() && !file_.empty()) save();
  } catch (const std::exception&) {
  }
}

void Pipelines::save() const {
  const std::vector<std::uint8_t> data = cache_.getData();
  if (data.size() == read_known(file_).size()) return;
  std::vector<char> bytes(sizeof(Sum));
  bytes.insert(bytes.end(), data.begin(), data.end());
  const Sum sum = sum_of(std::span<const char>(bytes).subspan(sizeof sum));
  std::memcpy(bytes.data(), &sum, sizeof sum);
  (void)write_cached(file_, bytes);
}

const ShaderLayout& Pipelines::layout(const Shader& shader) {
  const auto found = layouts_.find(&shader);
  if (found != layouts_.end()) return found->second;
  return layouts_.emplace(&shader, make_layout(device_, shader)).first->second;
}

vk::Pipeline Pipelines::pipeline(const Dispatch& dispatch) {
  Key key{&dispatch.shader(), {dispatch.constants().begin(), dispatch.constants().end()}};
  std::sort(key.second.begin(), key.second.end());
  const auto found = pipelines_.find(key);
  if (found != pipelines_.end()) return *found->second;

  const ShaderLayout& shared = layout(dispatch.shader());
  std::vector<vk::SpecializationMapEntry> entries;
  std::vector<std::uint32_t> values;
  for (const auto& [id, value] : key.second) {
    entries.push_back({id, static_cast<std::uint32_t>(4 * values.size()), 4});
    values.push_back(value);
  }
  vk::SpecializationInfo specialisation;
  specialisation.mapEntryCount = static_cast<std::uint32_t>(entries.size());
  specialisation.pMapEntries = entries.data();
  specialisation.dataSize = 4 * values.size();
  specialisation.pData = values.data();
  vk::ComputePipelineCreateInfo info;
  info.stage.stage = vk::ShaderStageFlagBits::eCompute;
  info.stage.module = *shared.module;
  info.stage.pName = "main";
  info.stage.pSpecializationInfo = &specialisation;
  info.layout = *shared.pipeline;
  if (device_.pipeline_statistics()) {
    info.flags = vk::PipelineCreateFlagBits::eCaptureStatisticsKHR |
                 vk::PipelineCreateFlagBits::eCaptureInternalRepresentationsKHR;
  }
  vk::raii::Pipeline made(device_.handle(), cache_, info);
  return *pipelines_.emplace(std::move(key), std::move(made)).first->second;
}

std::string Pipelines::assembly(vk::Pipeline pipeline) const {
  vk::PipelineExecutableInfoKHR which;
  which.pipeline = pipeline;
  const auto& call = *device_.handle().getDispatcher();
  const auto device = static_cast<VkDevice>(*device_.handle());
  const auto* info = reinterpret_cast<const VkPipelineExecutableInfoKHR*>(&which);
  std::uint32_t count = 0;
  if (call.vkGetPipelineExecutableInternalRepresentationsKHR(device, info, &count, nullptr) != VK_SUCCESS) return {};
  std::vector<VkPipelineExecutableInternalRepresentationKHR> found(
      count,
      {VK_STRUCTURE_TYPE_PIPELINE_EXECUTABLE_INTERNAL_REPRESENTATION_KHR, nullptr, "", "", VK_FALSE, 0, nullptr});
  // Once for the sizes, once for the texts.
  call.vkGetPipelineExecutableInternalRepresentationsKHR(device, info, &count, found.data());
  std::vector<std::string> texts;
  for (auto& one : found) texts.emplace_back(one.dataSize, '\0');
  for (std::size_t i = 0; i < found.size(); ++i) found[i].pData = texts[i].data();
  call.vkGetPipelineExecutableInternalRepresentationsKHR(device, info, &count, found.data());
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (std::string_view(found[i].name) == "Assembly") return texts[i];
  }
  return {};
}

std::vector<Pipelines::Statistics> Pipelines::statistics() const {
  std::vector<Statistics> all;
  if (!device_.pipeline_statistics()) return all;
  for (const auto& [key, pipeline] : pipelines_) {
    Statistics found{key.first->name, {}, {}, {}};
    for (const auto& [id, value] : key.second) {
      for (const SpecConstant& constant : key.first->constants) {
        if (constant.id == id) found.constants.emplace_back(constant.name, value);
      }
    }
    vk::PipelineExecutableInfoKHR which;
    which.pipeline = *pipeline;
    for (const auto& statistic : device_.handle().getPipelineExecutableStatisticsKHR(which)) {
      using Format = vk::PipelineExecutableStatisticFormatKHR;
      std::int64_t number = 0;
      switch (statistic.format) {
        case Format::eBool32:
          number = statistic.value.b32;
          break;
        case Format::eInt64:
          number = statistic.value.i64;
          break;
        case Format::eUint64:
          number = static_cast<std::int64_t>(statistic.value.u64);
          break;
        case Format::eFloat64:
          number = static_cast<std::int64_t>(statistic.value.f64);
          break;
      }
      found.numbers.emplace(statistic.name.data(), number);
    }
    found.assembly = assembly(*pipeline);
    all.push_back(std::move(found));
  }
  return all;
}

}  // namespace motet::device::vulkan
