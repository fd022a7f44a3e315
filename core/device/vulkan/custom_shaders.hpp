// Shaders of the operations that plugins bring, compiled when first asked for and remembered on disk by their source.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "device/vulkan/shader.hpp"
#include "program/op_def.hpp"

namespace motet::device::vulkan {

class CustomShaders {
 public:
  CustomShaders();
  ~CustomShaders();
  CustomShaders(const CustomShaders&) = delete;
  CustomShaders& operator=(const CustomShaders&) = delete;

  // The shader of one output. Buffers: "facts", then "input0", "input1", ... and "result"; pushed: "first" and "count".
  // Lives as long as this. Throws base::Error(plugin), naming plugin, operation and line, where the body is no GLSL.
  const Shader& find(const program::OpDef& op, std::size_t output);

  // How many were compiled, and not found on disk; a test counts them.
  std::size_t compiled() const { return compiled_; }

 private:
  struct Made;
  std::map<std::string, std::unique_ptr<Made>> made_;  // by source
  std::size_t compiled_ = 0;
};

}  // namespace motet::device::vulkan
