#include "ops/harness.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/error.hpp"
#include "device/device.hpp"
#include "device/vulkan/vulkan_device.hpp"
#include "tensor/blocks.hpp"

namespace motet::tests::ops {
namespace {

using device::Device;

constexpr std::uint64_t kAlign = 256;  // of offsets, enough for any device

bool is_written(const Operand& operand) { return operand.region == Region::state || operand.region == Region::kept; }

plan::TensorId add_tensor(plan::Plan& plan, TensorType type, Region region) {
  plan::Tensor tensor;
  tensor.type = type;
  tensor.region = region;
  const auto bytes = static_cast<std::uint64_t>((type.size_bytes() + kAlign - 1) / kAlign * kAlign);
  if (region == Region::input || region == Region::result) {
    std::uint64_t& size = region == Region::input ? plan.input_bytes : plan.result_bytes;
    auto& list = region == Region::input ? plan.inputs : plan.results;
    tensor.offset = size;
    tensor.index = static_cast<std::uint32_t>(list.size());
    size += std::max(bytes, kAlign);
    list.push_back(static_cast<plan::TensorId>(plan.tensors.size()));
  } else {
    tensor.index = 0;
    for (const plan::Tensor& other : plan.tensors) tensor.index += other.region == region;
  }
  plan.tensors.push_back(tensor);
  return static_cast<plan::TensorId>(plan.tensors.size() - 1);
}

// What a plan's leaves are bound to. Buffers of constants point into the case's own tensors.
struct Memory {
  std::vector<std::unique_ptr<device::Buffer>> buffers;
  std::unique_ptr<device::Buffer> arena;
  device::Bindings bindings;
  std::vector<device::Buffer*> written;  // states and kept values, in order of operands

  void bind(Device& on, const HostTensor& tensor, Region region) {
    if (region == Region::input) return;
    if (region == Region::weight) {
      buffers.push_back(on.constant(tensor.bytes()));
      bindings.weights.push_back(buffers.back().get());
      return;
    }
    buffers.push_back(on.allocate(std::max<std::size_t>(tensor.size_bytes(), 4)));
    on.upload(*buffers.back(), 0, tensor.bytes());
    (region == Region::state ? bindings.states : bindings.kept).push_back(buffers.back().get());
    written.push_back(buffers.back().get());
  }
};

double difference(const HostTensor& got, const Numbers& want, double* worst) {
  const Numbers have = numbers(got);
  double error = 0;
  double power = 0;
  for (std::size_t i = 0; i < want.size(); ++i) {
    if (std::isinf(want[i]) || std::isnan(want[i])) {
      if (std::isnan(want[i]) ? !std::isnan(have[i]) : have[i] != want[i]) error = power = INFINITY;
      continue;
    }
    error += (have[i] - want[i]) * (have[i] - want[i]);
    power += want[i] * want[i];
    *worst = std::max(*worst, std::abs(have[i] - want[i]));
    if (std::isnan(have[i])) error = INFINITY;
  }
  return power > 0 ? error / power : error == 0 ? 0 : -1;
}

void compare(const HostTensor& got, const Numbers& want, const Tolerance& tolerance, bool on_cpu) {
  REQUIRE(got.shape().elements() == static_cast<std::int64_t>(want.size()));
  if (got.dtype() == DType::i32) {
    const Numbers have = numbers(got);
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < want.size(); ++i) wrong += have[i] != want[i];
    CHECK(wrong == 0);
    return;
  }
  double worst = 0;
  const double nmse = difference(got, want, &worst);
  if (nmse < 0) {
    CHECK(worst <= tolerance.absolute);
  } else {
    CHECK(nmse <= (on_cpu ? tolerance.cpu : tolerance.vulkan));
  }
}

void apply_epilogues(const Case& test, Numbers& y, std::int64_t width) {
  for (const FusedOp& fused : test.epilogues) {
    const Numbers operand = numbers(fused.operand);
    for (std::size_t i = 0; i < y.size(); ++i) {
      if (operand.empty()) {
        y[i] = unary_value(fused.fn, y[i]);
        continue;
      }
      using Reach = Epilogue::Reach;
      const std::size_t at = fused.reach == Reach::one              ? 0
                             : fused.reach == Reach::last_dimension ? i % static_cast<std::size_t>(width)
                                                                    : i;
      y[i] =
          fused.operand_first ? binary_value(fused.fn, operand[at], y[i]) : binary_value(fused.fn, y[i], operand[at]);
    }
  }
}

}  // namespace

Numbers numbers(const HostTensor& tensor) {
  const auto count = static_cast<std::size_t>(tensor.shape().elements());
  if (tensor.dtype() == DType::none || count == 0) return {};
  if (tensor.dtype() == DType::i32) {
    const auto values = tensor.as<std::int32_t>();
    return {values.begin(), values.end()};
  }
  std::vector<float> values(count);
  tensor::dequantise(tensor.dtype(), tensor.data(), values);
  return {values.begin(), values.end()};
}

plan::Plan single_step(const Case& test) {
  const program::OpDef* def = test.def != nullptr ? test.def : program::find_op(test.op);
  REQUIRE(def != nullptr);
  plan::Plan plan;
  plan.name = test.op;
  plan::Step step;
  step.op = def;
  step.attributes = def->complete(test.attributes);
  std::vector<const TensorType*> types;
  for (const Operand& operand : test.operands) {
    types.push_back(operand.absent() ? nullptr : &operand.tensor.type());
    step.inputs.push_back(operand.absent() ? 0 : add_tensor(plan, operand.tensor.type(), operand.region));
  }
  for (const TensorType& type : def->output_types(types, step.attributes)) {
    step.outputs.push_back(add_tensor(plan, type, Region::result));
  }
  for (const FusedOp& fused : test.epilogues) {
    Epilogue epilogue;
    epilogue.fn = fused.fn;
    epilogue.reach = fused.reach;
    epilogue.operand_first = fused.operand_first;
    if (fused.operand.dtype() != DType::none) epilogue.operand = add_tensor(plan, fused.operand.type(), Region::input);
    step.epilogues.push_back(epilogue);
  }
  plan.steps.push_back(std::move(step));
  return plan;
}

std::vector<HostTensor> run_on(Device& on, const Case& test) {
  const plan::Plan plan = single_step(test);
  Memory memory;
  for (const Operand& operand : test.operands) {
    if (!operand.absent()) memory.bind(on, operand.tensor, operand.region);
  }
  memory.arena = on.allocate(256);
  memory.bindings.arena = memory.arena.get();
  const auto executable = on.prepare(plan, memory.bindings);
  std::size_t input = 0;
  const auto feed = [&](const HostTensor& tensor) {
    const auto to = executable->input(input++);
    REQUIRE(to.size() == tensor.size_bytes());
    if (!to.empty()) std::memcpy(to.data(), tensor.data(), to.size());
  };
  for (const Operand& operand : test.operands) {
    if (!operand.absent() && operand.region == Region::input) feed(operand.tensor);
  }
  for (const FusedOp& fused : test.epilogues) {
    if (fused.operand.dtype() != DType::none) feed(fused.operand);
  }
  executable->run();
  std::vector<HostTensor> out;
  for (std::size_t i = 0; i < plan.results.size(); ++i) {
    out.emplace_back(plan.tensors[plan.results[i]].type);
    const auto from = executable->result(i);
    if (!from.empty()) std::memcpy(out.back().data(), from.data(), from.size());
  }
  std::size_t written = 0;
  for (const Operand& operand : test.operands) {
    if (!is_written(operand)) continue;
    out.emplace_back(operand.tensor.type());
    on.download(*memory.written[written++], 0, out.back().bytes());
  }
  return out;
}

void check(const Case& test, const Reference& reference, Tolerance tolerance) {
  std::vector<Numbers> want = reference(test);
  const plan::Plan plan = single_step(test);
  if (!plan.results.empty()) {
    const Shape& shape = plan.tensors[plan.results[0]].type.shape;
    apply_epilogues(test, want[0], shape.rank() > 0 ? shape[-1] : 1);
  }
  std::string shapes;
  for (const Operand& operand : test.operands) shapes += " " + (operand.absent() ? "-" : operand.tensor.type().text());
  for (const auto& device : devices()) {
    INFO(test.op << shapes << " on " << device->traits().device);
    const std::vector<HostTensor> got = run_on(*device, test);
    REQUIRE(got.size() == want.size());
    for (std::size_t i = 0; i < got.size(); ++i) {
      INFO("output " << i);
      compare(got[i], want[i], tolerance, device->traits().device == "cpu");
    }
  }
}

const std::vector<std::unique_ptr<Device>>& devices() {
  static const std::vector<std::unique_ptr<Device>> list = [] {
    std::vector<std::unique_ptr<Device>> all;
    device::DeviceOptions options;
    options.name = "cpu";
    options.threads = 2;
    all.push_back(device::open_device(options));
    for (const device::DeviceInfo& info : device::list_devices()) {
      if (info.kind == "cpu" || !info.problem.empty()) continue;
      options.name = info.name;
      all.push_back(device::open_device(options));
      // The kernels that a GPU gets, too: a driver on the CPU runs them, if slowly.
      if (info.kind == "software")
        all.push_back(device::vulkan::open_vulkan(info.name.substr(7), {.like_hardware = true}));
    }
    if (all.size() == 1) FAIL("no Vulkan device: ./dev setup installs a driver (mesa-vulkan-drivers)");
    return all;
  }();
  return list;
}

double unary_value(const std::string& fn, double x) {
  const auto sigmoid = [](double v) { return 1 / (1 + std::exp(-v)); };
  if (fn == "neg") return -x;
  if (fn == "abs") return std::abs(x);
  if (fn == "exp") return std::exp(x);
  if (fn == "log") return std::log(x);
  if (fn == "sqrt") return std::sqrt(x);
  if (fn == "rsqrt") return 1 / std::sqrt(x);
  if (fn == "square") return x * x;
  if (fn == "reciprocal") return 1 / x;
  if (fn == "tanh") return std::tanh(x);
  if (fn == "sigmoid") return sigmoid(x);
  if (fn == "relu") return std::max(x, 0.0);
  if (fn == "gelu") return x * (1 + std::erf(x / std::sqrt(2.0))) / 2;
  if (fn == "gelu_tanh") return x * (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x))) / 2;
  if (fn == "gelu_quick") return x * sigmoid(1.702 * x);
  if (fn == "silu") return x * sigmoid(x);
  if (fn == "erf") return std::erf(x);
  if (fn == "sin") return std::sin(x);
  if (fn == "cos") return std::cos(x);
  if (fn == "round") return std::nearbyint(x);  // halves to even
  REQUIRE(fn == "floor");
  return std::floor(x);
}

double binary_value(const std::string& fn, double a, double b) {
  if (fn == "add") return a + b;
  if (fn == "sub") return a - b;
  if (fn == "mul") return a * b;
  if (fn == "div") return a / b;
  if (fn == "max") return std::max(a, b);
  if (fn == "min") return std::min(a, b);
  REQUIRE(fn == "pow");
  return std::pow(a, b);
}

// Not <random>'s distributions: those differ between libraries.
double Data::between(double low, double high) {
  return low + (high - low) * static_cast<double>(engine_()) / 4294967296.0;
}

HostTensor Data::floats(Shape shape, double low, double high) {
  HostTensor tensor(DType::f32, shape);
  for (float& value : tensor.as<float>()) value = static_cast<float>(between(low, high));
  return tensor;
}

HostTensor Data::integers(Shape shape, std::int32_t low, std::int32_t high) {
  HostTensor tensor(DType::i32, shape);
  for (std::int32_t& value : tensor.as<std::int32_t>()) {
    value = static_cast<std::int32_t>(std::floor(between(low, static_cast<double>(high) + 1)));
  }
  return tensor;
}

HostTensor Data::packed(DType dtype, Shape shape) {
  HostTensor tensor(dtype, shape);
  if (dtype == DType::f16 || dtype == DType::bf16) {
    for (std::uint16_t& value : tensor.as<std::uint16_t>()) {
      const auto number = static_cast<float>(between(-1, 1));
      value = dtype == DType::f16 ? tensor::to_f16(number) : tensor::to_bf16(number);
    }
    return tensor;
  }
  for (std::byte& byte : tensor.bytes()) byte = static_cast<std::byte>(engine_() >> 24);
  const std::size_t block = tensor::info(dtype).block_bytes;
  for (std::size_t at = 0; at < tensor.size_bytes(); at += block) {
    const std::uint16_t halves[2] = {tensor::to_f16(static_cast<float>(between(0.002, 0.02))),
                                     tensor::to_f16(static_cast<float>(between(-0.2, 0)))};
    const bool minimum = dtype == DType::q4_1 || dtype == DType::q5_1 || dtype == DType::q4_K || dtype == DType::q5_K;
    std::memcpy(tensor.data() + at + (dtype == DType::q6_K ? 208 : 0), halves, minimum ? 4 : 2);
  }
  return tensor;
}

HostTensor integers(std::vector<std::int32_t> values) {
  HostTensor tensor(DType::i32, Shape{static_cast<std::int64_t>(values.size())});
  std::copy(values.begin(), values.end(), tensor.as<std::int32_t>().begin());
  return tensor;
}

HostTensor floats(Shape shape, std::vector<float> values) {
  HostTensor tensor(DType::f32, shape);
  REQUIRE(tensor.as<float>().size() == values.size());
  std::copy(values.begin(), values.end(), tensor.as<float>().begin());
  return tensor;
}

Attributes attributes(std::initializer_list<std::pair<const char*, program::Attribute>> list) {
  Attributes out;
  for (const auto& [key, value] : list) out.set(key, value);
  return out;
}

std::size_t broadcast_index(const Shape& from, const Shape& out, std::size_t at) {
  std::int64_t index = 0;
  std::int64_t stride = 1;
  auto rest = static_cast<std::int64_t>(at);
  for (int axis = 1; axis <= out.rank(); ++axis) {
    const std::int64_t coordinate = rest % out[-axis];
    rest /= out[-axis];
    if (axis > from.rank()) continue;
    index += from[-axis] == 1 ? 0 : coordinate * stride;
    stride *= from[-axis];
  }
  return static_cast<std::size_t>(index);
}

}  // namespace motet::tests::ops
