// Vulkan-Hpp, as this room uses it. Heavy to compile: no header outside this folder and no kernel includes it.
#pragma once

// The loader is opened here (instance.hpp), so that a test may put another in its place.
#define VULKAN_HPP_ENABLE_DYNAMIC_LOADER_TOOL 0
#define VULKAN_HPP_NO_STRUCT_CONSTRUCTORS
#define VULKAN_HPP_NO_SPACESHIP_OPERATOR
#define VULKAN_HPP_NO_SMART_HANDLE
#include <vulkan/vulkan_raii.hpp>

#include "base/error.hpp"

namespace motet::device::vulkan {

// What Vulkan threw, as an Error of the environment with what to do about it.
base::Error translated(const vk::SystemError& error, std::string_view doing);

// Calls `body`, turning Vulkan's exceptions into base::Error.
template <class Body>
auto guarded(std::string_view doing, Body&& body) {
  try {
    return body();
  } catch (const vk::SystemError& error) {
    throw translated(error, doing);
  }
}

}  // namespace motet::device::vulkan
