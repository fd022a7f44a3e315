#include "host/operation.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "host/call.hpp"
#include "host/failure.hpp"
#include "host/operation_checks.hpp"
#include "host/plugin_text.hpp"
#include "plugin/obligation.hpp"
#include "plugin/tables.hpp"

namespace motet::host {
namespace {

// What one call says; the table that the plugin gets is its first part, and its own, since others may run beside it.
struct Calling : motet_use {
  explicit Calling(const motet_use& use) : motet_use(use) {
    fail = [](const motet_use* self, const char* text) {
      auto& calling = *const_cast<Calling*>(static_cast<const Calling*>(self));  // made below, never const itself
      if (calling.message.empty()) calling.message = plugin_text(text);
    };
  }
  std::string message;
};

motet_tensor_view view_of(const tensor::TensorType& type, const std::byte* data) {
  motet_tensor_view out{};
  out.struct_size = sizeof out;
  out.dtype = static_cast<motet_dtype>(type.dtype);
  out.rank = static_cast<std::uint32_t>(type.shape.rank());
  std::ranges::copy(type.shape.sizes(), out.sizes);
  out.size_bytes = type.size_bytes();
  out.data = out.size_bytes == 0 ? nullptr : data;
  return out;
}

}  // namespace

Operation::Operation(std::shared_ptr<const plugin::Library> library, std::string_view id, Checking checking)
    : library_(std::move(library)), info_(nullptr), checking_(checking) {
  for (const plugin::OperationInfo& one : library_->info().operations) {
    if (one.id == id) info_ = &one;
  }
  const motet_operation* table = library_->find_operation(id);
  if (info_ == nullptr || table == nullptr)
    base::fail(base::ErrorKind::plugin, library_->file().string() + ": it has no operation '" + std::string(id) + "'");
  table_ = plugin::whole(*table);
  name_ = "operation '" + info_->id + "' of the plugin " + info_->plugin;
}

void Operation::broken(int obligation, const std::string& message) const {
  base::fail(base::ErrorKind::plugin, name_ + ": [" + plugin::obligation_name(obligation) + "] " + message,
             "report it to the plugin's author");
}

template <class Body>
void Operation::call(const motet_use& use, const char* function, Body&& body) const {
  Calling calling(use);
  motet_status status = MOTET_OK;
  try {
    const InOperation inside(name_.c_str());
    status = body(calling);
  } catch (const std::exception& error) {
    broken(kNoException, std::string("an exception escaped from ") + function + ": " + error.what());
  } catch (...) {
    broken(kNoException, std::string("an exception escaped from ") + function);
  }
  if (status == MOTET_OK) return;
  if (calling.message.empty()) {
    broken(kFailureSaysWhy, std::string(function) + " returned " + std::string(status_name(status)) + " (" +
                                std::to_string(status) + ") and did not say why");
  }
  base::fail(error_kind(status, Phase::build), name_ + ": " + calling.message);
}

OperationUse::OperationUse(const Operation& operation, std::span<const OperationOperand> inputs,
                           std::span<const tensor::TensorType> outputs, std::vector<motet_attribute> attributes)
    : operation_(operation), attributes_(std::move(attributes)) {
  views_.reserve(inputs.size() + outputs.size());  // they are pointed to
  for (const OperationOperand& input : inputs) {
    if (input.type != nullptr) views_.push_back(view_of(*input.type, input.data));
    inputs_.push_back(input.type == nullptr ? nullptr : &views_.back());
  }
  for (const tensor::TensorType& output : outputs) {
    views_.push_back(view_of(output, nullptr));
    outputs_.push_back(&views_.back());
  }
  table_.struct_size = sizeof table_;
  table_.n_inputs = static_cast<std::uint32_t>(inputs_.size());
  table_.n_outputs = static_cast<std::uint32_t>(outputs_.size());
  table_.n_attributes = static_cast<std::uint32_t>(attributes_.size());
  table_.inputs = inputs_.data();
  table_.outputs = outputs_.empty() ? nullptr : outputs_.data();
  table_.attributes = attributes_.data();
}

std::vector<tensor::TensorType> OperationUse::infer() const {
  const std::vector<plugin::OperandInfo>& declared = operation_.info().outputs;
  std::vector<motet_tensor_spec> made;
  for (const plugin::OperandInfo& output : declared) {
    motet_tensor_spec spec{};
    spec.struct_size = sizeof spec;
    spec.dtype = static_cast<motet_dtype>(output.dtype);
    const motet_tensor_view* like = inputs_.front();
    spec.rank = like == nullptr ? 0 : like->rank;
    for (std::uint32_t d = 0; d < spec.rank; ++d) spec.dims[d].size = like->sizes[d];
    made.push_back(spec);
  }
  const std::vector<motet_tensor_spec> before = made;
  if (operation_.table_.infer != nullptr) {
    const auto ask = [&](std::vector<motet_tensor_spec>& specs) {
      std::vector<motet_tensor_spec*> pointers;
      for (motet_tensor_spec& spec : specs) pointers.push_back(&spec);
      operation_.call(table_, "infer",
                      [&](const motet_use& use) { return operation_.table_.infer(&use, pointers.data()); });
    };
    ask(made);
    if (operation_.checking_ == Checking::on) {
      std::vector<motet_tensor_spec> again = before;
      ask(again);
      if (!std::ranges::equal(made, again, same_spec))
        operation_.broken(kOperationPure, "infer answered the same use with another shape than the first time");
    }
  }
  std::vector<tensor::TensorType> out;
  for (std::size_t i = 0; i < made.size(); ++i) {
    if (const std::string what = fault_of_answer(made[i], before[i]); !what.empty())
      operation_.broken(kOperationShape, "infer's output '" + declared[i].name + "' " + what);
    tensor::TensorType type{declared[i].dtype, {}};
    for (std::uint32_t d = 0; d < made[i].rank; ++d) type.shape.push_back(made[i].dims[d].size);
    out.push_back(type);
  }
  return out;
}

std::int64_t OperationUse::cost(std::size_t output) const {
  if (operation_.table_.cost == nullptr) return 1;
  std::int64_t cost = 0;
  operation_.call(table_, "cost", [&](const motet_use& use) -> motet_status {
    cost = operation_.table_.cost(&use, static_cast<std::uint32_t>(output));
    const bool failed = cost < 1 && !static_cast<const Calling&>(use).message.empty();
    return failed ? MOTET_INTERNAL : MOTET_OK;
  });
  if (cost < 1)
    operation_.broken(kOperationCost, "cost is " + std::to_string(cost) + " of the output '" +
                                          operation_.info().outputs[output].name + "', wanted 1 or more");
  if (cost > Operation::kMostCost) {
    base::fail(base::ErrorKind::item, operation_.name_ + ": an element of '" + operation_.info().outputs[output].name +
                                          "' takes " + std::to_string(cost) + " rounds, at most " +
                                          std::to_string(Operation::kMostCost) + " are possible");
  }
  return cost;
}

void OperationUse::compute(std::size_t output, std::int64_t begin, std::int64_t end, std::byte* to) const {
  if (operation_.checking_ == Checking::on) {
    run_checked(output, begin, end, to);
  } else {
    run(output, begin, end, to);
  }
}

void OperationUse::run(std::size_t output, std::int64_t begin, std::int64_t end, std::byte* to) const {
  operation_.call(table_, "compute", [&](const motet_use& use) {
    return operation_.table_.compute(&use, static_cast<std::uint32_t>(output), begin, end, to);
  });
}

// Twice, the second time in halves, into memory that held something else before: what differs was not set, or is not
// the same function of its place each time.
void OperationUse::run_checked(std::size_t output, std::int64_t begin, std::int64_t end, std::byte* to) const {
  const auto count = static_cast<std::size_t>(end - begin);
  const std::string& name = operation_.info().outputs[output].name;
  FencedMemory first(count, 0xFF), second(count, 0x5A);
  const std::int64_t middle = begin + (end - begin) / 2;
  run(output, begin, end, first.data());
  if (middle > begin) run(output, begin, middle, second.data());
  run(output, middle, end, second.at(static_cast<std::size_t>(middle - begin)));
  if (!first.fence_stands() || !second.fence_stands())
    operation_.broken(kOperationRange, "compute wrote outside the elements of '" + name + "' that it was asked for");
  for (std::size_t i = 0; i < count; ++i) {
    const std::string place = std::to_string(begin + static_cast<std::int64_t>(i)) + " of '" + name + "'";
    if (first.untouched(i) && second.untouched(i))
      operation_.broken(kOperationRange, "compute did not set element " + place);
    if (std::memcmp(first.at(i), second.at(i), FencedMemory::kElementBytes) != 0)
      operation_.broken(kOperationPure, "compute gave element " + place +
                                            " another value the second time: it may depend on nothing but the "
                                            "operands, the attributes and the place");
  }
  check_numbers(output, begin, end, first.data());
  std::memcpy(to, first.data(), count * FencedMemory::kElementBytes);
}

void OperationUse::check_numbers(std::size_t output, std::int64_t begin, std::int64_t end,
                                 const std::byte* made) const {
  if (operation_.info().outputs[output].dtype != tensor::DType::f32) return;
  const std::span<const float> numbers(reinterpret_cast<const float*>(made), static_cast<std::size_t>(end - begin));
  const auto found = std::ranges::find_if(numbers, [](float x) { return std::isnan(x); });
  if (found == numbers.end()) return;
  for (const motet_tensor_view* input : inputs_) {
    if (input == nullptr || input->dtype != MOTET_F32) continue;
    const std::span<const float> x(static_cast<const float*>(input->data), input->size_bytes / sizeof(float));
    if (!std::ranges::all_of(x, [](float one) { return std::isfinite(one); })) return;
  }
  operation_.broken(kOperationFinite, "compute gave NaN for element " +
                                          std::to_string(begin + (found - numbers.begin())) + " of '" +
                                          operation_.info().outputs[output].name + "', and its operands are finite");
}

}  // namespace motet::host
