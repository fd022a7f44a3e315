#include "device/vulkan/glsl_compiler.hpp"

#include <glslang/Include/glslang_c_interface.h>
#include <glslang/Public/resource_limits_c.h>
#include <glslang/build_info.h>

#include <cstdlib>
#include <memory>
#include <mutex>
#include <regex>

namespace motet::device::vulkan {
namespace {

// The library's own state, for the life of the process.
void start_glslang() {
  static std::once_flag started;
  std::call_once(started, [] {
    glslang_initialize_process();
    std::atexit(glslang_finalize_process);
  });
}

struct Delete {
  void operator()(glslang_shader_t* shader) const { glslang_shader_delete(shader); }
  void operator()(glslang_program_t* program) const { glslang_program_delete(program); }
};

glslang_input_t input_of(const std::string& source) {
  glslang_input_t input{};  // members that later versions add are zero
  input.language = GLSLANG_SOURCE_GLSL;
  input.stage = GLSLANG_STAGE_COMPUTE;
  input.client = GLSLANG_CLIENT_VULKAN;
  input.client_version = GLSLANG_TARGET_VULKAN_1_1;
  input.target_language = GLSLANG_TARGET_SPV;
  input.target_language_version = GLSLANG_TARGET_SPV_1_3;
  input.code = source.c_str();
  input.default_version = 450;
  input.default_profile = GLSLANG_NO_PROFILE;
  input.messages = GLSLANG_MSG_DEFAULT_BIT;
  input.resource = glslang_default_resource();
  return input;
}

// "ERROR: 1:3: 'foo' : undeclared identifier", then more.
GlslMistake first_mistake(const std::string& log) {
  static const std::regex placed("ERROR: ([0-9]+):([0-9]+): *([^\n]*[^\n ])");
  static const std::regex bare("ERROR: *([^\n]*[^\n ])");
  std::smatch found;
  if (std::regex_search(log, found, placed) && found[1].length() < 9 && found[2].length() < 9)
    return {std::stoi(found[1]), std::stoi(found[2]), found[3]};
  if (std::regex_search(log, found, bare)) return {0, 0, found[1]};
  return {0, 0, "the compiler refused it and did not say why"};
}

}  // namespace

std::variant<std::vector<std::uint32_t>, GlslMistake> compile_glsl(const std::string& source) {
  start_glslang();
  const glslang_input_t input = input_of(source);
  const std::unique_ptr<glslang_shader_t, Delete> shader(glslang_shader_create(&input));
  if (shader == nullptr) return GlslMistake{0, 0, "the compiler could not be started"};
  if (glslang_shader_preprocess(shader.get(), &input) == 0 || glslang_shader_parse(shader.get(), &input) == 0)
    return first_mistake(glslang_shader_get_info_log(shader.get()));
  const std::unique_ptr<glslang_program_t, Delete> program(glslang_program_create());
  glslang_program_add_shader(program.get(), shader.get());
  if (glslang_program_link(program.get(), GLSLANG_MSG_SPV_RULES_BIT | GLSLANG_MSG_VULKAN_RULES_BIT) == 0)
    return first_mistake(glslang_program_get_info_log(program.get()));
  glslang_program_SPIRV_generate(program.get(), GLSLANG_STAGE_COMPUTE);
  std::vector<std::uint32_t> words(glslang_program_SPIRV_get_size(program.get()));
  if (words.empty()) return GlslMistake{0, 0, "the compiler made no code of it"};
  glslang_program_SPIRV_get(program.get(), words.data());
  return words;
}

std::string glsl_compiler_version() {
  return std::to_string(GLSLANG_VERSION_MAJOR) + "." + std::to_string(GLSLANG_VERSION_MINOR) + "." +
         std::to_string(GLSLANG_VERSION_PATCH);
}

}  // namespace motet::device::vulkan
