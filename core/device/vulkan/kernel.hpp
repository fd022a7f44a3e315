// How an operation becomes dispatches of shaders: the interface between ops/<op>.cpp and the recording.
//
// ops/<op>.cpp defines `const KernelDef motet::device::vulkan::ops::<op>`; the build collects them. Buffers, push
// constants and specialisation constants are named as the shader names them.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "device/vulkan/shader.hpp"
#include "plan/plan.hpp"

namespace motet::device::vulkan {

class CustomShaders;

// Memory that a dispatch sees: a tensor of the plan, numbers known when recording, or scratch of one step.
struct Operand {
  enum class Kind : std::uint8_t { none, tensor, constant, scratch } kind = Kind::none;
  plan::TensorId tensor = 0;
  std::uint64_t offset = 0;  // bytes within the tensor, the constants or the scratch
  std::uint64_t bytes = 0;
};

class Dispatch {
 public:
  // A name that no variant has is a programmer's error, as are unknown names below.
  explicit Dispatch(std::string_view shader);
  explicit Dispatch(const Shader& shader);  // outlives this

  Dispatch& set(std::string_view constant, std::uint32_t value);
  Dispatch& push(std::string_view member, std::span<const std::uint32_t> values);
  Dispatch& push(std::string_view member, std::uint32_t value) { return push(member, std::span(&value, 1)); }
  Dispatch& push(std::string_view member, float value) { return push(member, std::bit_cast<std::uint32_t>(value)); }
  Dispatch& bind(std::string_view buffer, Operand operand);
  Dispatch& groups(std::uint64_t x, std::uint64_t y = 1, std::uint64_t z = 1);
  // One workgroup of `local_size` for each `local_size` of `count`, folded into x and y (motet.glsl: linear_index()).
  Dispatch& linear(std::uint64_t count, std::uint32_t local_size);
  // Multiply-adds, roughly: a watchdog may want long work in several submissions.
  Dispatch& work(double multiply_adds);

  const Shader& shader() const { return *shader_; }
  std::span<const std::pair<std::uint32_t, std::uint32_t>> constants() const { return constants_; }  // id, bits
  std::span<const std::byte> push_bytes() const { return push_; }
  Operand operand(const Binding& binding) const;
  std::array<std::uint32_t, 3> groups() const { return groups_; }
  double work() const { return work_; }

 private:
  const Shader* shader_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> constants_;
  std::vector<std::byte> push_;
  std::vector<std::pair<std::uint32_t, Operand>> operands_;  // by binding number
  std::array<std::uint32_t, 3> groups_{1, 1, 1};
  double work_ = 0;
};

// Rows of a tensor that are bound at once.
struct RowsPart {
  std::uint64_t first, count;
  Operand operand;
};

// One step of a plan, seen by its kernel, which adds dispatches; each waits for those before it whose memory it shares.
class KernelCall {
 public:
  KernelCall(const plan::Plan& plan, const plan::Step& step, const plan::Traits& traits, const ShaderFeatures& features,
             CustomShaders& custom_shaders, std::vector<std::byte>& constants)
      : plan_(plan),
        step_(step),
        traits_(traits),
        features_(features),
        custom_shaders_(custom_shaders),
        constants_(constants) {}

  const plan::Step& step() const { return step_; }
  const plan::Traits& traits() const { return traits_; }
  const ShaderFeatures& features() const { return features_; }
  CustomShaders& custom_shaders() const { return custom_shaders_; }
  const plan::Attributes& attributes() const { return step_.attributes; }
  bool has(std::size_t input) const { return input < step_.inputs.size() && step_.inputs[input] != 0; }
  const tensor::TensorType& type(plan::TensorId id) const { return plan_.tensors[id].type; }
  const tensor::TensorType& input_type(std::size_t i) const { return type(step_.inputs[i]); }
  const tensor::Shape& input_shape(std::size_t i) const { return input_type(i).shape; }
  const tensor::TensorType& output_type(std::size_t i = 0) const { return type(step_.outputs[i]); }
  const tensor::Shape& output_shape(std::size_t i = 0) const { return output_type(i).shape; }

  Operand tensor(plan::TensorId id) const;
  Operand input(std::size_t i) const { return has(i) ? tensor(step_.inputs[i]) : Operand{}; }
  Operand output(std::size_t i = 0) const { return tensor(step_.outputs[i]); }
  // All rows of input `i` (its first dimension), in parts that the device can bind, each from where it can bind vectors
  // of 32-bit elements beside them too. One part wherever that is possible.
  std::vector<RowsPart> rows_of(std::size_t i) const;
  Operand constant(std::span<const std::uint32_t> words);
  Operand scratch(std::uint64_t bytes);

  void add(Dispatch dispatch) { dispatches_.push_back(std::move(dispatch)); }
  std::vector<Dispatch>& dispatches() { return dispatches_; }
  std::uint64_t scratch_bytes() const { return scratch_bytes_; }
  // A workgroup size for independent invocations: drivers on the CPU want fewer, longer ones.
  std::uint32_t elementwise_size() const { return traits_.software ? 128 : 256; }
  // A workgroup size for one row that invocations reduce together.
  std::uint32_t row_size() const { return traits_.software ? traits_.subgroup_size : 128; }

 private:
  const plan::Plan& plan_;
  const plan::Step& step_;
  const plan::Traits& traits_;
  ShaderFeatures features_;
  CustomShaders& custom_shaders_;
  std::vector<std::byte>& constants_;
  std::uint64_t scratch_bytes_ = 0;
  std::vector<Dispatch> dispatches_;
};

struct KernelDef {
  std::string_view name;
  void (*record)(KernelCall& call);
  // The shader applies the step's epilogues itself (epilogues.hpp). Else a dispatch of its own follows.
  bool fuses_epilogues = false;
};

// nullptr where this device has no such kernel. [any thread]
const KernelDef* find_kernel(std::string_view name);

}  // namespace motet::device::vulkan
