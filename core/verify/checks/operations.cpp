// 57 and 90 to 97: operations that a plugin brings. What the host in checked mode and the devices watch is named by
// them; here are the occasions: each operation by itself, with operands that no pipeline of its author may have.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <mutex>
#include <optional>
#include <thread>

#include "plugin/library.hpp"
#include "verify/host_table.hpp"
#include "verify/operation.hpp"
#include "verify/trial.hpp"

namespace motet::verify::families {
namespace {

using tensor::DType;
using tensor::HostTensor;
using tensor::TensorType;

constexpr std::size_t kElementBytes = 4;  // f32 and i32 are all there is

void load(Trial& trial) { const plugin::Library library(trial.library()); }

// Both kinds of elements, for `use`, which may be refused by compute; a crash is told with the case that led to it.
template <class Use>
void for_cases(Trial& trial, const Operation& operation, Use use) {
  bool any = false;
  for (const Elements elements : {Elements::random, Elements::equal}) {
    for (const OperationCase& one : operation.cases(trial.random(), elements)) {
      trial.note(("in compute of " + trial.request().type + " for " + one.text).c_str());
      try {
        use(one);
        any = true;
      } catch (const base::Error& error) {
        if (error.kind() != base::ErrorKind::item) throw;  // of what it refuses nothing is asked
      }
    }
  }
  if (!any) skip("it refuses to compute anything that the kit thinks of");
}

void shape(Trial& trial) {
  const Operation operation(trial.library(), trial.request().type);
  trial.note(("in infer of " + trial.request().type).c_str());
  (void)operation.cases(trial.random(), Elements::random);
}

std::vector<std::byte> whole(const program::CustomUse& use, std::size_t output, const TensorType& type) {
  std::vector<std::byte> out(type.size_bytes());
  if (!out.empty()) use.compute(output, 0, type.shape.elements(), out.data());
  return out;
}

constexpr int kThreads = 3;
constexpr std::int64_t kPiece = 5;

// In pieces from the last to the first, on several threads at once.
std::vector<std::vector<std::byte>> in_pieces(const program::CustomUse& use, std::size_t output,
                                              const TensorType& type) {
  std::vector<std::vector<std::byte>> all(kThreads, std::vector<std::byte>(type.size_bytes()));
  std::mutex mutex;
  std::exception_ptr broken;
  {
    std::vector<std::jthread> threads;
    for (std::vector<std::byte>& to : all) {
      threads.emplace_back([&] {
        try {
          for (std::int64_t end = type.shape.elements(); end > 0; end -= kPiece) {
            const std::int64_t begin = std::max<std::int64_t>(end - kPiece, 0);
            use.compute(output, begin, end, to.data() + static_cast<std::size_t>(begin) * kElementBytes);
          }
        } catch (...) {
          const std::lock_guard lock(mutex);
          broken = std::current_exception();
        }
      });
    }
  }
  if (broken) std::rethrow_exception(broken);
  return all;
}

void pure(Trial& trial) {
  const Operation operation(trial.library(), trial.request().type);
  for_cases(trial, operation, [&](const OperationCase& one) {
    std::vector<const TensorType*> types;
    for (const HostTensor& operand : one.operands)
      types.push_back(operand.dtype() == DType::none ? nullptr : &operand.type());
    const program::OpCall call{types, one.attributes};
    expect(operation.custom().costs(call, one.outputs) == operation.custom().costs(call, one.outputs),
           "for " + one.text + " cost is something else when it is asked again");
    const std::unique_ptr<program::CustomUse> use = operation.use(one);
    for (std::size_t output = 0; output < one.outputs.size(); ++output) {
      const std::vector<std::byte> at_once = whole(*use, output, one.outputs[output]);
      for (const std::vector<std::byte>& other : in_pieces(*use, output, one.outputs[output]))
        expect(at_once == other, "for " + one.text +
                                     " compute gives other elements in pieces, the last one first and " +
                                     "several at once, than in one call");
    }
  });
}

void range(Trial& trial) {
  const Operation operation(trial.library(), trial.request().type);
  for_cases(trial, operation, [&](const OperationCase& one) {
    const std::unique_ptr<program::CustomUse> use = operation.use(one);
    for (std::size_t output = 0; output < one.outputs.size(); ++output) {
      std::vector<std::byte> to(one.outputs[output].size_bytes());
      const std::int64_t elements = one.outputs[output].shape.elements();
      for (int i = 0; i < 10 && elements > 0; ++i) {
        const std::int64_t begin = trial.random().between(0, elements - 1);
        use->compute(output, begin, trial.random().between(begin + 1, elements), to.data());
      }
    }
  });
}

void finite(Trial& trial) {
  const Operation operation(trial.library(), trial.request().type);
  for_cases(trial, operation, [&](const OperationCase& one) {
    const std::unique_ptr<program::CustomUse> use = operation.use(one);
    for (std::size_t output = 0; output < one.outputs.size(); ++output) (void)whole(*use, output, one.outputs[output]);
  });
}

void cost(Trial& trial) {
  const Operation operation(trial.library(), trial.request().type);
  trial.note(("in cost of " + trial.request().type).c_str());
  (void)operation.cases(trial.random(), Elements::random);
  operation.ask_of_large(trial.random());
}

// Operands end before a page that must not be touched, and cannot be written.
void operands_within_bounds(Trial& trial) {
  const Operation operation(trial.library(), trial.request().type);
  for_cases(trial, operation, [&](const OperationCase& one) {
    std::vector<GuardedBytes> guarded;
    guarded.reserve(one.operands.size());
    std::vector<program::CustomInput> inputs;
    for (const HostTensor& operand : one.operands) {
      if (operand.dtype() == DType::none) {
        inputs.emplace_back();
        continue;
      }
      guarded.emplace_back(operand.data(), operand.size_bytes(), true, true);
      inputs.push_back({&operand.type(), static_cast<const std::byte*>(guarded.back().data())});
    }
    const auto use = operation.custom().use(inputs, one.outputs, one.attributes);
    for (std::size_t output = 0; output < one.outputs.size(); ++output) (void)whole(*use, output, one.outputs[output]);
  });
}

std::unique_ptr<device::Device> opened(const std::string& name) {
  device::DeviceOptions options;
  options.name = name;
  options.threads = 1;
  try {
    return device::open_device(options);
  } catch (const base::Error& error) {
    skip("there is no device " + name + ": " + error.what());
  }
}

void glsl_compiles(Trial& trial) {
  const Operation operation(trial.library(), trial.request().type);
  const std::unique_ptr<device::Device> vulkan = opened("vulkan");
  const std::vector<OperationCase> cases = operation.cases(trial.random(), Elements::random);
  trial.note(("in the shader of " + trial.request().type).c_str());
  (void)operation.run(cases.front(), *vulkan);
}

// Of sums in another order, and of functions to 1e-7.
bool near(float a, float b, float largest) {
  return a == b || (std::isnan(a) && std::isnan(b)) || std::fabs(a - b) <= 1e-4F * std::max(largest, 1.0F);
}

void expect_near(const HostTensor& a, const HostTensor& b, const std::string& where) {
  if (a.dtype() == DType::i32) {
    for (std::size_t i = 0; i < a.as<std::int32_t>().size(); ++i) {
      const std::int32_t x = a.as<std::int32_t>()[i], y = b.as<std::int32_t>()[i];
      expect(x == y, where + ", element " + std::to_string(i) + " is " + std::to_string(x) + " by compute and " +
                         std::to_string(y) + " by the GLSL");
    }
    return;
  }
  float largest = 0;
  for (const float x : a.as<float>()) largest = std::isfinite(x) ? std::max(largest, std::fabs(x)) : largest;
  for (std::size_t i = 0; i < a.as<float>().size(); ++i) {
    const float x = a.as<float>()[i], y = b.as<float>()[i];
    expect(near(x, y, largest), where + ", element " + std::to_string(i) + " is " + std::to_string(x) +
                                    " by compute and " + std::to_string(y) + " by the GLSL");
  }
}

void glsl_computes_the_same(Trial& trial) {
  const Operation operation(trial.library(), trial.request().type);
  const std::unique_ptr<device::Device> vulkan = opened("vulkan"), cpu = opened("cpu");
  bool any = false;
  for (const OperationCase& one : operation.cases(trial.random(), Elements::random)) {
    trial.note(("in compute, or the shader, of " + trial.request().type + " for " + one.text).c_str());
    std::vector<HostTensor> wanted;
    try {
      wanted = operation.run(one, *cpu);
    } catch (const base::Error& error) {
      if (error.kind() != base::ErrorKind::item) throw;
      continue;
    }
    any = true;
    const std::vector<HostTensor> got = operation.run(one, *vulkan);
    for (std::size_t output = 0; output < wanted.size(); ++output)
      expect_near(wanted[output], got[output], "for " + one.text);
  }
  if (!any) skip("it refuses to compute anything that the kit thinks of");
}

}  // namespace

std::span<const Check> operations() {
  static constexpr Check kChecks[] = {
      {57, "operands_within_bounds", "`compute` reads no element that an operand does not have, and writes none of it.",
       "It computes with whatever lies behind, and crashes where nothing does.", "kit", On::operation, kNormal,
       operands_within_bounds},
      {90, "operation_well_formed",
       "An operation's id has a dot and a version, its operands, outputs and attributes have names that GLSL takes and "
       "that differ, element types are f32 or i32, defaults lie in their ranges, and `compute` and `glsl` are there.",
       "The library is refused.", "loader", On::library, kBasic, load},
      {91, "operation_shape",
       "A shape rule refuses, or answers at most eight dimensions, numbers from 0 on, of the declared element type.",
       "Memory is planned by it.", "host, kit", On::operation, kBasic, shape},
      {92, "operation_pure",
       "`infer`, `compute` and `cost` give the same for the same use, whichever range is asked for, in whatever order, "
       "on whatever thread.",
       "What is computed once differs from what is computed again.", "checked host, kit", On::operation, kBasic, pure},
      {93, "operation_range", "`compute` sets all the elements that it was asked for, and no others.",
       "Others are computed beside it, and what lies behind is another tensor.", "checked host, kit", On::operation,
       kBasic, range},
      {94, "operation_finite", "An operation gives no NaN for finite operands.",
       "One NaN makes everything NaN that depends on it, and nobody can tell where it began.",
       "checked host, on the cpu device; kit", On::operation, kBasic, finite},
      {95, "operation_cost", "`cost` is what an element costs: from 1 to 30,000 rounds of the loops that make it.",
       "Work is cut by it, and drivers end what takes too long.",
       "host and kit, of the range; nobody can tell whether it is true", On::operation, kBasic, cost},
      {96, "glsl_compiles", "The GLSL body compiles, with a function for each output.",
       "The plan cannot run on Vulkan; the message has the author's line.",
       "the Vulkan device, when it is first needed; kit", On::operation, kHard, glsl_compiles},
      {97, "glsl_computes_the_same", "The GLSL body computes what `compute` computes, to the precision of 32 bits.",
       "A pipeline gives something else on another machine.", "kit; the plugin's own tests on both devices",
       On::operation, kHard, glsl_computes_the_same},
  };
  return kChecks;
}

}  // namespace motet::verify::families
