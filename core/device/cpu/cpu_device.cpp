#include "device/cpu/cpu_device.hpp"

#include <cassert>
#include <cstring>
#include <fstream>
#include <string>

#include "device/cpu/executable.hpp"
#include "device/cpu/simd/target.hpp"

namespace motet::device::cpu {
namespace {

plan::Traits cpu_traits() {
  plan::Traits traits;
  traits.device = "cpu";
  return traits;
}

class CpuDevice final : public Device {
 public:
  explicit CpuDevice(int threads) : traits_(cpu_traits()), engine_(threads) {}

  const plan::Traits& traits() const override { return traits_; }

  std::unique_ptr<Buffer> allocate(std::uint64_t size_bytes) override {
    auto buffer = std::make_unique<CpuBuffer>(size_bytes);
    ++engine_.counters.allocations;
    return buffer;
  }

  std::unique_ptr<Buffer> constant(std::span<const std::byte> bytes) override {
    return std::make_unique<CpuBuffer>(bytes);
  }

  void upload(Buffer& to, std::uint64_t offset, std::span<const std::byte> bytes) override {
    assert(!own(to).constant() && offset + bytes.size() <= to.size_bytes());
    if (!bytes.empty()) std::memcpy(own(to).data() + offset, bytes.data(), bytes.size());
  }

  void download(const Buffer& from, std::uint64_t offset, std::span<std::byte> bytes) override {
    assert(offset + bytes.size() <= from.size_bytes());
    if (!bytes.empty()) std::memcpy(bytes.data(), own(from).data() + offset, bytes.size());
  }

  void copy(const Buffer& from, Buffer& to, const CopyShape& shape) override {
    for (std::uint64_t i = 0; i < shape.blocks; ++i) {
      assert(shape.from_offset + i * shape.from_stride + shape.bytes <= from.size_bytes());
      assert(shape.to_offset + i * shape.to_stride + shape.bytes <= to.size_bytes());
      std::memcpy(own(to).data() + shape.to_offset + i * shape.to_stride,
                  own(from).data() + shape.from_offset + i * shape.from_stride, shape.bytes);
    }
  }

  std::unique_ptr<Executable> prepare(const plan::Plan& plan, const Bindings& bindings) override {
    return std::make_unique<CpuExecutable>(engine_, plan, bindings);
  }

  Counters counters() const override { return engine_.counters; }

 private:
  static const CpuBuffer& own(const Buffer& buffer) { return static_cast<const CpuBuffer&>(buffer); }

  plan::Traits traits_;
  Engine engine_;
};

std::string processor_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("model name")) continue;
    const auto colon = line.find(": ");
    if (colon != std::string::npos) return line.substr(colon + 2);
  }
  return "processor";
}

}  // namespace

std::unique_ptr<Device> open_cpu(int threads) { return std::make_unique<CpuDevice>(threads); }

DeviceInfo describe_cpu() {
  DeviceInfo info;
  info.name = "cpu";
  const int threads = base::available_processors();
  info.description = processor_name() + ", " + std::to_string(threads) + (threads == 1 ? " thread, " : " threads, ") +
                     std::string(simd::target_name());
  info.kind = "cpu";
  info.traits = cpu_traits();
  return info;
}

}  // namespace motet::device::cpu
