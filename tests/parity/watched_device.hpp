// A device that says, each time a plan starts to run on it, what has been used up so far.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "device/device.hpp"

namespace motet::test {

class WatchedDevice : public device::Device {
 public:
  WatchedDevice(device::Device& device, std::function<void()> on_run) : device_(device), on_run_(std::move(on_run)) {}

  const plan::Traits& traits() const override { return device_.traits(); }
  std::unique_ptr<device::Buffer> allocate(std::uint64_t size_bytes) override { return device_.allocate(size_bytes); }
  std::unique_ptr<device::Buffer> constant(std::span<const std::byte> bytes) override {
    return device_.constant(bytes);
  }
  void upload(device::Buffer& to, std::uint64_t offset, std::span<const std::byte> bytes) override {
    device_.upload(to, offset, bytes);
  }
  void download(const device::Buffer& from, std::uint64_t offset, std::span<std::byte> bytes) override {
    device_.download(from, offset, bytes);
  }
  void copy(const device::Buffer& from, device::Buffer& to, const CopyShape& shape) override {
    device_.copy(from, to, shape);
  }
  device::Counters counters() const override { return device_.counters(); }
  std::unique_ptr<device::Executable> prepare(const plan::Plan& plan, const device::Bindings& bindings) override {
    return std::make_unique<Watched>(device_.prepare(plan, bindings), on_run_);
  }

 private:
  class Watched : public device::Executable {
   public:
    Watched(std::unique_ptr<device::Executable> executable, const std::function<void()>& on_run)
        : executable_(std::move(executable)), on_run_(on_run) {}
    std::span<std::byte> input(std::size_t i) override { return executable_->input(i); }
    std::span<const std::byte> result(std::size_t i) override { return executable_->result(i); }
    void run(std::vector<device::StepTime>* times) override {
      on_run_();
      executable_->run(times);
    }

   private:
    std::unique_ptr<device::Executable> executable_;
    const std::function<void()>& on_run_;
  };

  device::Device& device_;
  std::function<void()> on_run_;
};

}  // namespace motet::test
