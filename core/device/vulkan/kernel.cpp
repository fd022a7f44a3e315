#include "device/vulkan/kernel.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <numeric>
#include <stdexcept>
#include <string>

#include "base/error.hpp"

namespace motet::device::vulkan {

namespace ops {
#define X(stem) extern const KernelDef stem;
#include "device/vulkan/kernel_table.inc"
#undef X
}  // namespace ops

namespace {

constexpr std::uint64_t kMaxGroups = 65535;  // of one dimension, on every device
constexpr std::uint64_t kPieceAlignment = 256;

std::uint64_t align(std::uint64_t bytes) { return (bytes + kPieceAlignment - 1) / kPieceAlignment * kPieceAlignment; }

[[noreturn]] void unknown(std::string_view kind, std::string_view name, std::string_view shader) {
  throw std::logic_error("shader " + std::string(shader) + " has no " + std::string(kind) + " " + std::string(name));
}

}  // namespace

const KernelDef* find_kernel(std::string_view name) {
  static const std::vector<const KernelDef*> all = {
#define X(stem) &ops::stem,
#include "device/vulkan/kernel_table.inc"
#undef X
  };
  const auto found = std::find_if(all.begin(), all.end(), [&](const KernelDef* def) { return def->name == name; });
  return found == all.end() ? nullptr : *found;
}

namespace {

const Shader& known_shader(std::string_view name) {
  const Shader* found = find_shader(name);
  if (found == nullptr) throw std::logic_error("no shader " + std::string(name));
  return *found;
}

}  // namespace

Dispatch::Dispatch(std::string_view shader) : Dispatch(known_shader(shader)) {}

Dispatch::Dispatch(const Shader& shader) : shader_(&shader) {
  for (const PushMember& member : shader_->push) {
    push_.resize(std::max<std::size_t>(push_.size(), member.offset + 4 * member.words));
  }
}

Dispatch& Dispatch::set(std::string_view constant, std::uint32_t value) {
  for (const SpecConstant& known : shader_->constants) {
    if (known.name != constant) continue;
    constants_.emplace_back(known.id, value);
    return *this;
  }
  unknown("constant", constant, shader_->name);
}

Dispatch& Dispatch::push(std::string_view member, std::span<const std::uint32_t> values) {
  for (const PushMember& known : shader_->push) {
    if (known.name != member) continue;
    if (values.size() > known.words) unknown("room for push constant", member, shader_->name);
    std::memcpy(push_.data() + known.offset, values.data(), values.size_bytes());
    return *this;
  }
  unknown("push constant", member, shader_->name);
}

Dispatch& Dispatch::bind(std::string_view buffer, Operand operand) {
  for (const Binding& known : shader_->bindings) {
    if (known.name != buffer) continue;
    operands_.emplace_back(known.number, operand);
    return *this;
  }
  unknown("buffer", buffer, shader_->name);
}

Operand Dispatch::operand(const Binding& binding) const {
  for (const auto& [number, operand] : operands_) {
    if (number == binding.number) return operand;
  }
  return {};
}

Dispatch& Dispatch::groups(std::uint64_t x, std::uint64_t y, std::uint64_t z) {
  if (x > kMaxGroups || y > kMaxGroups || z > kMaxGroups)
    unknown("room for so many workgroups of", "it", shader_->name);
  groups_ = {static_cast<std::uint32_t>(x), static_cast<std::uint32_t>(y), static_cast<std::uint32_t>(z)};
  return *this;
}

Dispatch& Dispatch::linear(std::uint64_t count, std::uint32_t local_size) {
  const std::uint64_t wanted = (count + local_size - 1) / local_size;
  const std::uint64_t rows = (wanted + kMaxGroups - 1) / kMaxGroups;
  return rows <= 1 ? groups(wanted) : groups((wanted + rows - 1) / rows, rows);
}

Dispatch& Dispatch::work(double multiply_adds) {
  work_ = multiply_adds;
  return *this;
}

Operand KernelCall::tensor(plan::TensorId id) const {
  return {Operand::Kind::tensor, id, 0, plan_.tensors[id].type.size_bytes()};
}

std::vector<RowsPart> KernelCall::rows_of(std::size_t i) const {
  const std::uint64_t bytes = input_type(i).size_bytes();
  const auto rows = static_cast<std::uint64_t>(input_shape(i)[0]);
  const std::uint64_t limit = traits_.max_binding_bytes / kPieceAlignment * kPieceAlignment;
  if (bytes <= limit) return {{0, rows, input(i)}};
  const std::uint64_t row_bytes = bytes / rows;
  const std::uint64_t alignment = traits_.offset_alignment;
  const std::uint64_t aligned = std::lcm(alignment / std::gcd(alignment, row_bytes), alignment / 4);
  const std::uint64_t most = limit / row_bytes / aligned * aligned;
  if (most == 0) {
    base::fail(base::ErrorKind::environment,
               "rows of " + std::to_string(row_bytes) + " bytes are too long to be bound " + std::to_string(aligned) +
                   " at a time, " + traits_.device + " binds at most " + std::to_string(traits_.max_binding_bytes) +
                   " bytes",
               "use --device cpu");
  }
  std::vector<RowsPart> parts;
  for (std::uint64_t first = 0; first < rows; first += most) {
    const std::uint64_t count = std::min(most, rows - first);
    parts.push_back({first, count, {Operand::Kind::tensor, step_.inputs[i], first * row_bytes, count * row_bytes}});
  }
  return parts;
}

Operand KernelCall::constant(std::span<const std::uint32_t> words) {
  const std::size_t offset = align(constants_.size());
  constants_.resize(offset + words.size_bytes());
  std::memcpy(constants_.data() + offset, words.data(), words.size_bytes());
  return {Operand::Kind::constant, 0, offset, words.size_bytes()};
}

Operand KernelCall::scratch(std::uint64_t bytes) {
  const std::uint64_t offset = scratch_bytes_;
  scratch_bytes_ = align(offset + bytes);
  return {Operand::Kind::scratch, 0, offset, bytes};
}

}  // namespace motet::device::vulkan
