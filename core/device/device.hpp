// What a device is: memory, and plans made ready to run on it. cpu/ and vulkan/ are the two.
//
// One thread at a time uses a device and what was made from it. Everything made from a device is destroyed before it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "plan/plan.hpp"

namespace motet::device {

// Memory of a device. Opaque; only the device that made it can use it.
class Buffer {
 public:
  virtual ~Buffer() = default;
  std::uint64_t size_bytes() const { return size_bytes_; }

 protected:
  explicit Buffer(std::uint64_t size_bytes) : size_bytes_(size_bytes) {}

 private:
  std::uint64_t size_bytes_;
};

// The memory that a plan's regions stand for. Borrowed: must live as long as the executable.
struct Bindings {
  Buffer* arena = nullptr;             // at least Plan::arena_bytes; may be null where that is 0
  std::vector<const Buffer*> weights;  // by Tensor::index; only those that the plan names need be there
  std::vector<Buffer*> states;
  std::vector<Buffer*> kept;
};

struct StepTime {  // of Plan::steps[i], on the device's own clock
  std::uint64_t begin_ns = 0;
  std::uint64_t end_ns = 0;
};

// A plan bound to memory and recorded: running it allocates, plans and records nothing.
class Executable {
 public:
  virtual ~Executable() = default;
  // Memory of input `i`, for the host to fill before run(). Same address for the executable's life.
  virtual std::span<std::byte> input(std::size_t i) = 0;
  // Contents of result `i` after run(), until the next run().
  virtual std::span<const std::byte> result(std::size_t i) = 0;
  // Runs to the end and waits. With `times`, fills one entry a step (and may be slower). Throws base::Error
  // (environment) where the device is lost.
  virtual void run(std::vector<StepTime>* times = nullptr) = 0;
};

struct Counters {                 // since the device was made; a test reads them
  std::uint64_t allocations = 0;  // of device memory
  std::uint64_t recordings = 0;   // of executables
  std::uint64_t submissions = 0;  // 0 on cpu
};

class Device {
 public:
  virtual ~Device() = default;
  virtual const plan::Traits& traits() const = 0;
  // Zeroed memory. Throws base::Error(environment) where there is not enough.
  virtual std::unique_ptr<Buffer> allocate(std::uint64_t size_bytes) = 0;
  // Constant memory with these contents. The cpu uses `bytes` in place, so they must outlive the buffer.
  virtual std::unique_ptr<Buffer> constant(std::span<const std::byte> bytes) = 0;
  virtual void upload(Buffer& to, std::uint64_t offset, std::span<const std::byte> bytes) = 0;
  virtual void download(const Buffer& from, std::uint64_t offset, std::span<std::byte> bytes) = 0;
  // `blocks` pieces of `bytes` each: to[to_offset + i * to_stride] = from[from_offset + i * from_stride]. May be the
  // same buffer where ranges do not overlap. Used when a state's capacity grows.
  struct CopyShape {
    std::uint64_t blocks, bytes, from_offset, from_stride, to_offset, to_stride;
  };
  virtual void copy(const Buffer& from, Buffer& to, const CopyShape& shape) = 0;
  virtual std::unique_ptr<Executable> prepare(const plan::Plan& plan, const Bindings& bindings) = 0;
  virtual Counters counters() const = 0;
};

struct DeviceInfo {
  std::string name;         // what --device takes: "cpu", "vulkan", "vulkan:llvmpipe"
  std::string description;  // "AMD EPYC, 2 threads, AVX-512", driver and version
  std::string kind;         // "cpu", "discrete", "integrated", "software", "other"
  bool automatic = false;   // the one that --device auto picks
  std::string problem;      // why it cannot be used; "" where it can
  plan::Traits traits;
};

// All devices of this machine. Never throws for a missing or broken driver: that is a DeviceInfo with a problem.
std::vector<DeviceInfo> list_devices();

struct DeviceOptions {
  std::string name = "auto";  // auto, cpu, vulkan, vulkan:SUBSTRING of the description
  int threads = 0;            // of the cpu device; 0: all
};
// Throws base::Error(environment) where there is no such device, with what there is.
std::unique_ptr<Device> open_device(const DeviceOptions& options);

}  // namespace motet::device
