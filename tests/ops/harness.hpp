// Runs one operation on every device of this machine and compares with a reference in double precision.
#pragma once

#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "device/device.hpp"
#include "plan/plan.hpp"
#include "support/catch.hpp"
#include "tensor/host_tensor.hpp"

namespace motet::tests::ops {

using plan::Epilogue;
using plan::Region;
using program::Attributes;
using tensor::DType;
using tensor::Shape;
using tensor::TensorType;

// A host tensor that copies, since cases share their data.
class HostTensor : public tensor::HostTensor {
 public:
  using tensor::HostTensor::HostTensor;
  HostTensor() = default;
  HostTensor(HostTensor&&) = default;
  HostTensor& operator=(HostTensor&&) = default;
  HostTensor(const HostTensor& other) : tensor::HostTensor(other.type()) {
    if (size_bytes() > 0) std::memcpy(data(), other.data(), size_bytes());
  }
  HostTensor& operator=(const HostTensor& other) { return *this = HostTensor(other); }
};

// A tensor and where a plan would have it. One without type stands for an absent optional operand.
struct Operand {
  Operand() = default;
  Operand(HostTensor t, Region r = Region::input) : tensor(std::move(t)), region(r) {}  // NOLINT: reads as a tensor
  HostTensor tensor;
  Region region = Region::input;
  bool absent() const { return tensor.dtype() == DType::none; }
};

struct FusedOp {
  std::string fn;
  HostTensor operand{};  // none: unary
  Epilogue::Reach reach = Epilogue::Reach::same;
  bool operand_first = false;
};

struct Case {
  std::string op;
  Attributes attributes;
  std::vector<Operand> operands;
  std::vector<FusedOp> epilogues{};
  const program::OpDef* def = nullptr;  // where it is none of Motet's own
};

// Elements as doubles, whatever the type; a dense row-major array.
using Numbers = std::vector<double>;
Numbers numbers(const HostTensor& tensor);

// Values of each output, and after them of each operand of region state or kept as it should be left.
using Reference = std::function<std::vector<Numbers>(const Case&)>;

// One operation as a plan of one step.
plan::Plan single_step(const Case& test);
// Outputs, then operands of region state or kept.
std::vector<HostTensor> run_on(device::Device& device, const Case& test);

struct Tolerance {
  double cpu = 1e-12;  // normalised mean squared error
  double vulkan = 1e-10;
  double absolute = 1e-6;  // where the reference is zero throughout
};

// On every device of this machine. Applies the case's epilogues to the reference's first output.
void check(const Case& test, const Reference& reference, Tolerance tolerance = {});

// cpu, and Vulkan on every driver: a software one is always to be had, and a test without any fails.
const std::vector<std::unique_ptr<device::Device>>& devices();

double unary_value(const std::string& fn, double x);
double binary_value(const std::string& fn, double a, double b);

// Test data: the same on every machine.
class Data {
 public:
  explicit Data(unsigned seed = 1) : engine_(seed) {}
  HostTensor floats(Shape shape, double low = -1, double high = 1);
  HostTensor integers(Shape shape, std::int32_t low, std::int32_t high);  // both included
  // f16, bf16 or a quantised type.
  HostTensor packed(DType dtype, Shape shape);

 private:
  double between(double low, double high);
  std::mt19937 engine_;
};

HostTensor integers(std::vector<std::int32_t> values);  // i32[size]
HostTensor floats(Shape shape, std::vector<float> values);
Attributes attributes(std::initializer_list<std::pair<const char*, program::Attribute>> list);
// The place in a dense tensor of shape `from` that broadcasts to element `at` of `out`.
std::size_t broadcast_index(const Shape& from, const Shape& out, std::size_t at);
inline std::int64_t elements(const Operand& operand) { return operand.tensor.shape().elements(); }

}  // namespace motet::tests::ops
