// Vulkan's loader and one instance of it, with the validation layers when asked.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "device/vulkan/vk.hpp"

namespace motet::device::vulkan {

// The entry point of libvulkan.so, opened at run time: a machine without it still has its CPU. Never closed, because
// drivers leave threads and exit handlers behind. Throws base::Error(environment) where there is none.
PFN_vkGetInstanceProcAddr system_loader();

// What the validation layers said. The layers call add() from any thread.
class ValidationLog {
 public:
  ValidationLog() = default;
  // Ends the process where something was said since the last call of news(), since no call is left to throw it.
  ~ValidationLog();
  ValidationLog(const ValidationLog&) = delete;
  ValidationLog& operator=(const ValidationLog&) = delete;

  void add(std::string message);
  // The newest message, where something was said since the last call.
  std::optional<std::string> news();
  std::vector<std::string> messages() const;

 private:
  mutable std::mutex mutex_;
  std::atomic<std::size_t> count_{0};
  std::atomic<std::size_t> heard_{0};
  std::vector<std::string> messages_;
};

class Instance {
 public:
  // `entry`: another loader's entry point, for tests; null: the system's. Throws base::Error(environment).
  explicit Instance(bool validation, PFN_vkGetInstanceProcAddr entry = nullptr);

  std::vector<vk::raii::PhysicalDevice> physical_devices() const;
  bool validates() const { return *messenger_ != vk::DebugUtilsMessengerEXT{}; }
  const ValidationLog& validation() const { return *log_; }
  ValidationLog& validation() { return *log_; }

 private:
  std::unique_ptr<ValidationLog> log_;  // the layers keep its address
  vk::raii::Context context_;
  vk::raii::Instance instance_{nullptr};
  vk::raii::DebugUtilsMessengerEXT messenger_{nullptr};
};

// MOTET_VULKAN_VALIDATION is set and not 0.
bool validation_wanted();

}  // namespace motet::device::vulkan
