#include "device/cpu/cpu_device.hpp"

#include <cstring>
#include <filesystem>
#include <thread>

#include "base/error.hpp"
#include "core/device/counted_heap.hpp"
#include "device/cpu/buffer.hpp"
#include "support/catch.hpp"
#include "tensor/host_tensor.hpp"

namespace motet::device {
namespace {

using plan::Region;
using tensor::DType;
using tensor::TensorType;

std::vector<float> download(Device& device, const Buffer& buffer) {
  std::vector<float> out(buffer.size_bytes() / sizeof(float));
  device.download(buffer, 0, std::as_writable_bytes(std::span(out)));
  return out;
}

plan::TensorId add(plan::Plan& plan, TensorType type, Region region, std::uint32_t index = 0) {
  plan::Tensor tensor;
  tensor.type = type;
  tensor.region = region;
  tensor.index = index;
  const auto id = static_cast<plan::TensorId>(plan.tensors.size());
  std::uint64_t* size = region == Region::input    ? &plan.input_bytes
                        : region == Region::result ? &plan.result_bytes
                        : region == Region::arena  ? &plan.arena_bytes
                                                   : nullptr;
  if (size != nullptr) tensor.offset = *size, *size += (type.size_bytes() + 63) / 64 * 64;
  if (region == Region::input) plan.inputs.push_back(id);
  if (region == Region::result) plan.results.push_back(id);
  plan.tensors.push_back(tensor);
  return id;
}

plan::Step step(const char* op, std::vector<plan::TensorId> in, std::vector<plan::TensorId> out,
                program::Attributes given = {}) {
  plan::Step made;
  made.op = program::find_op(op);
  REQUIRE(made.op != nullptr);
  made.attributes = made.op->complete(given);
  made.inputs = std::move(in);
  made.outputs = std::move(out);
  return made;
}

// x [1, 40, 8] -> conv1d -> softmax -> matmul, all weights constant.
struct Sample {
  Sample() {
    const auto x = add(plan, {DType::f32, {1, 40, 8}}, Region::input);
    const auto kernel = add(plan, {DType::f32, {16, 8, 3}}, Region::weight, 0);
    const auto weight = add(plan, {DType::f32, {5, 16}}, Region::weight, 1);
    const auto hidden = add(plan, {DType::f32, {1, 38, 16}}, Region::arena);
    const auto soft = add(plan, {DType::f32, {1, 38, 16}}, Region::arena);
    const auto y = add(plan, {DType::f32, {1, 38, 5}}, Region::result);
    plan.steps.push_back(step("conv1d", {x, kernel, 0}, {hidden}));
    plan.steps.push_back(step("softmax", {hidden}, {soft}));
    program::Attributes transposed;
    transposed.set("transpose_b", std::int64_t{1});
    plan.steps.push_back(step("matmul", {soft, weight}, {y}, transposed));
    for (std::size_t i = 0; i < kernel_values.size(); ++i) kernel_values[i] = static_cast<float>(i % 7) - 3;
    for (std::size_t i = 0; i < weight_values.size(); ++i) weight_values[i] = static_cast<float>(i % 5);
  }
  std::vector<float> kernel_values = std::vector<float>(16 * 8 * 3);
  std::vector<float> weight_values = std::vector<float>(5 * 16);
  plan::Plan plan;
};

int threads_of_process() {
  int count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/task")) ++count;
  return count;
}

}  // namespace

TEST_CASE("cpu: memory is zeroed, uploaded, downloaded and copied in pieces") {
  const auto device = cpu::open_cpu(1);
  for (const std::uint64_t floats : {std::uint64_t{6}, std::uint64_t{200000}}) {
    const auto buffer = device->allocate(floats * sizeof(float));
    CHECK(buffer->size_bytes() == floats * sizeof(float));
    CHECK(download(*device, *buffer) == std::vector<float>(floats));
  }
  const auto from = device->allocate(6 * sizeof(float));
  const auto to = device->allocate(12 * sizeof(float));
  const std::vector<float> values{1, 2, 3, 4, 5, 6};
  device->upload(*from, 0, std::as_bytes(std::span(values)));
  // Two rows of capacity 3 become rows of capacity 6, of which two elements are copied.
  device->copy(*from, *to, {2, 8, 0, 12, 4, 24});
  CHECK(download(*device, *to) == std::vector<float>{0, 1, 2, 0, 0, 0, 0, 4, 5, 0, 0, 0});
  device->upload(*to, 40, std::as_bytes(std::span(values)).first(8));
  CHECK(download(*device, *to) == std::vector<float>{0, 1, 2, 0, 0, 0, 0, 4, 5, 0, 1, 2});
  CHECK(device->allocate(0)->size_bytes() == 0);
}

TEST_CASE("cpu: too much memory is an error that says so") {
  const auto device = cpu::open_cpu(1);
  try {
    device->allocate(std::uint64_t{1} << 50);
    FAIL("a petabyte was found");
  } catch (const base::Error& error) {
    CHECK(error.kind() == base::ErrorKind::environment);
    CHECK(std::string(error.what()).find("not enough memory") != std::string::npos);
    CHECK(!error.help().empty());
  }
}

TEST_CASE("cpu: constants are used in place, and packed once for all executables") {
  const std::vector<float> values{1, 2, 3};
  const cpu::CpuBuffer constant(std::as_bytes(std::span(values)));
  CHECK(reinterpret_cast<const float*>(constant.data()) == values.data());
  int fills = 0;
  const auto fill = [&](float* to) {
    ++fills;
    to[0] = 7;
  };
  const float* first = constant.packed("a", 1, fill);
  CHECK(*first == 7);
  CHECK(constant.packed("a", 1, fill) == first);
  CHECK(fills == 1);
  CHECK(constant.packed("b", 1, fill) != first);
  CHECK(fills == 2);
}

TEST_CASE("cpu: a run takes nothing from the heap, starts no thread, and is timed step by step") {
  Sample sample;
  std::thread([] {}).join();  // ThreadSanitizer starts one of its own with a program's first
  const int before = threads_of_process();
  const auto device = cpu::open_cpu(2);
  const auto kernel = device->constant(std::as_bytes(std::span(sample.kernel_values)));
  const auto weight = device->constant(std::as_bytes(std::span(sample.weight_values)));
  const auto arena = device->allocate(sample.plan.arena_bytes);
  const auto executable = device->prepare(sample.plan, {arena.get(), {kernel.get(), weight.get()}, {}, {}});
  REQUIRE(executable->input(0).size() == 40 * 8 * sizeof(float));
  const std::vector<float> x(40 * 8, 0.5f);
  std::memcpy(executable->input(0).data(), x.data(), x.size() * sizeof(float));
  executable->run();
  const Counters prepared = device->counters();
  CHECK(prepared.recordings == 1);
  CHECK(prepared.submissions == 0);
  {
    const tests::HeapCount heap;
    for (int i = 0; i < 8; ++i) executable->run();
    CHECK(heap.allocations() == 0);
    CHECK(std::make_unique<int>(1) != nullptr);
    CHECK((heap.allocations() > 0) == tests::HeapCount::counts());
  }
  CHECK(device->counters().allocations == prepared.allocations);
  CHECK(device->counters().recordings == 1);
  CHECK(threads_of_process() == before + 1);
  std::vector<StepTime> times;
  executable->run(&times);
  REQUIRE(times.size() == 3);
  for (std::size_t i = 0; i < times.size(); ++i) {
    CHECK(times[i].begin_ns <= times[i].end_ns);
    CHECK((i == 0 || times[i - 1].end_ns <= times[i].begin_ns));
  }
  // All positions see the same x, so all rows of the result are alike; each softmax adds up to one, weights are 0..4.
  const auto bytes = executable->result(0);
  std::vector<float> y(bytes.size() / sizeof(float));
  std::memcpy(y.data(), bytes.data(), bytes.size());
  REQUIRE(y.size() == 38 * 5);
  for (std::size_t i = 5; i < y.size(); ++i) CHECK(y[i] == y[i % 5]);
  CHECK(y[0] > 0);
  CHECK(y[0] < 4);
}

TEST_CASE("devices: the cpu is always listed, and exactly one device is automatic") {
  int automatic = 0;
  bool cpu_listed = false;
  for (const DeviceInfo& info : list_devices()) {
    automatic += info.automatic;
    cpu_listed = cpu_listed || (info.name == "cpu" && info.problem.empty() && info.traits.device == "cpu");
    CHECK((!info.automatic || info.kind != "software"));
  }
  CHECK(automatic == 1);
  CHECK(cpu_listed);
}

TEST_CASE("devices: a name that is none is refused with what there is") {
  for (const char* name : {"gpu", "CPU", "", "cpu:0"}) {
    DeviceOptions options;
    options.name = name;
    try {
      open_device(options);
      FAIL("opened a device named '" << name << "'");
    } catch (const base::Error& error) {
      CHECK(error.kind() == base::ErrorKind::environment);
      CHECK(error.help().find("cpu") != std::string::npos);
    }
  }
}

}  // namespace motet::device
