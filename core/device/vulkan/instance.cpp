#include "device/vulkan/instance.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "base/log.hpp"

namespace motet::device::vulkan {
namespace {

constexpr const char* kValidationLayer = "VK_LAYER_KHRONOS_validation";

// Messenger signatures differ between versions of the headers; the C one does not.
VKAPI_ATTR VkBool32 VKAPI_CALL on_message(VkDebugUtilsMessageSeverityFlagBitsEXT, VkDebugUtilsMessageTypeFlagsEXT,
                                          const VkDebugUtilsMessengerCallbackDataEXT* data, void* log) {
  // Newer layers no longer begin the message with its name.
  const std::string message = data->pMessage != nullptr ? data->pMessage : "";
  const std::string name = data->pMessageIdName != nullptr ? data->pMessageIdName : "";
  static_cast<ValidationLog*>(log)->add(message.find(name) != std::string::npos ? message : name + ": " + message);
  return VK_FALSE;
}

vk::DebugUtilsMessengerCreateInfoEXT messenger_info(ValidationLog* log) {
  vk::DebugUtilsMessengerCreateInfoEXT info;
  info.messageSeverity =
      vk::DebugUtilsMessageSeverityFlagBitsEXT::eWarning | vk::DebugUtilsMessageSeverityFlagBitsEXT::eError;
  info.messageType = vk::DebugUtilsMessageTypeFlagBitsEXT::eValidation;
  using Callback = decltype(info.pfnUserCallback);
  // Newer headers spell the same types in C++; the way over void (*)() says that this is meant.
  info.pfnUserCallback = reinterpret_cast<Callback>(reinterpret_cast<void (*)()>(&on_message));
  info.pUserData = log;
  return info;
}

bool has_layer(const vk::raii::Context& context) {
  const auto layers = context.enumerateInstanceLayerProperties();
  return std::any_of(layers.begin(), layers.end(),
                     [](const auto& layer) { return std::strcmp(layer.layerName, kValidationLayer) == 0; });
}

vk::raii::Instance make_instance(const vk::raii::Context& context, bool validation, ValidationLog* log) {
  if (context.enumerateInstanceVersion() < VK_API_VERSION_1_1) {
    base::fail(base::ErrorKind::environment, "Vulkan's loader is older than version 1.1", "update the Vulkan loader");
  }
  vk::ApplicationInfo application;
  application.pApplicationName = "motet";
  application.apiVersion = VK_API_VERSION_1_1;
  vk::InstanceCreateInfo info;
  info.pApplicationInfo = &application;

  const vk::ValidationFeatureEnableEXT enabled = vk::ValidationFeatureEnableEXT::eSynchronizationValidation;
  vk::ValidationFeaturesEXT features;
  features.enabledValidationFeatureCount = 1;
  features.pEnabledValidationFeatures = &enabled;
  vk::DebugUtilsMessengerCreateInfoEXT messenger = messenger_info(log);
  features.pNext = &messenger;
  std::vector<const char*> extensions{VK_EXT_DEBUG_UTILS_EXTENSION_NAME, VK_EXT_VALIDATION_FEATURES_EXTENSION_NAME};
#ifdef VK_EXT_layer_settings
  // Newer layers read these instead of the features above, and only trust what a shader is seen to access unless told:
  // a binding here is what its shader accesses.
  const VkBool32 yes = VK_TRUE;
  std::array<vk::LayerSettingEXT, 2> chosen;
  chosen[0].pSettingName = "validate_sync";
  chosen[1].pSettingName = "syncval_shader_accesses_heuristic";
  for (vk::LayerSettingEXT& setting : chosen) {
    setting.pLayerName = kValidationLayer;
    setting.type = vk::LayerSettingTypeEXT::eBool32;
    setting.valueCount = 1;
    setting.pValues = &yes;
  }
  vk::LayerSettingsCreateInfoEXT settings;
  settings.settingCount = static_cast<std::uint32_t>(chosen.size());
  settings.pSettings = chosen.data();
  messenger.pNext = &settings;
  extensions.push_back(VK_EXT_LAYER_SETTINGS_EXTENSION_NAME);
#endif
  if (validation) {
    if (!has_layer(context)) {
      base::fail(base::ErrorKind::environment,
                 "MOTET_VULKAN_VALIDATION is set, but the validation layers are not installed",
                 "install vulkan-validationlayers, or unset MOTET_VULKAN_VALIDATION");
    }
    info.pNext = &features;
    info.enabledLayerCount = 1;
    info.ppEnabledLayerNames = &kValidationLayer;
    info.enabledExtensionCount = static_cast<std::uint32_t>(extensions.size());
    info.ppEnabledExtensionNames = extensions.data();
  }
  return vk::raii::Instance(context, info);
}

}  // namespace

PFN_vkGetInstanceProcAddr system_loader() {
  void* library = dlopen("libvulkan.so.1", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    base::fail(base::ErrorKind::environment, "no Vulkan loader: libvulkan.so.1 cannot be opened",
               "install libvulkan1 and a driver (mesa-vulkan-drivers), or use --device cpu");
  }
  return reinterpret_cast<PFN_vkGetInstanceProcAddr>(dlsym(library, "vkGetInstanceProcAddr"));
}

void ValidationLog::add(std::string message) {
  base::log(base::LogLevel::error, "Vulkan validation: " + message);
  const std::lock_guard lock(mutex_);
  messages_.push_back(std::move(message));
  ++count_;
}

ValidationLog::~ValidationLog() {
  if (count_ == heard_) return;
  base::log(base::LogLevel::error, "this is a mistake in Motet; please report it");
  std::abort();
}

std::optional<std::string> ValidationLog::news() {
  const std::size_t count = count_;
  if (count == heard_) return std::nullopt;
  heard_ = count;
  return messages().back();
}

std::vector<std::string> ValidationLog::messages() const {
  const std::lock_guard lock(mutex_);
  return messages_;
}

Instance::Instance(bool validation, PFN_vkGetInstanceProcAddr entry)
    : log_(std::make_unique<ValidationLog>()), context_(entry == nullptr ? system_loader() : entry) {
  guarded("creating a Vulkan instance", [&] {
    instance_ = make_instance(context_, validation, log_.get());
    if (validation) messenger_ = vk::raii::DebugUtilsMessengerEXT(instance_, messenger_info(log_.get()));
  });
}

std::vector<vk::raii::PhysicalDevice> Instance::physical_devices() const {
  // Older Vulkan-Hpp throws where there is no device at all.
  try {
    std::vector<vk::raii::PhysicalDevice> devices;
    for (auto& device : vk::raii::PhysicalDevices(instance_)) devices.push_back(std::move(device));
    return devices;
  } catch (const vk::SystemError& error) {
    if (error.code() == vk::make_error_code(vk::Result::eErrorInitializationFailed)) return {};
    throw translated(error, "looking for Vulkan devices");
  }
}

bool validation_wanted() {
  const char* value = std::getenv("MOTET_VULKAN_VALIDATION");
  return value != nullptr && *value != '\0' && std::string_view(value) != "0";
}

base::Error translated(const vk::SystemError& error, std::string_view doing) {
  const std::string message = "Vulkan failed while " + std::string(doing) + ": " + error.what();
  std::string help;
  if (error.code() == vk::make_error_code(vk::Result::eErrorOutOfDeviceMemory) ||
      error.code() == vk::make_error_code(vk::Result::eErrorOutOfHostMemory)) {
    help = "there is not enough memory on the device: use a smaller model or shorter inputs, or --device cpu";
  } else if (error.code() == vk::make_error_code(vk::Result::eErrorDeviceLost)) {
    help = "the driver reset the device; run again, and see the system's log if it happens again";
  } else if (error.code() == vk::make_error_code(vk::Result::eErrorIncompatibleDriver)) {
    help = "install a Vulkan driver (mesa-vulkan-drivers), or use --device cpu";
  }
  return {base::ErrorKind::environment, message, help};
}

}  // namespace motet::device::vulkan
