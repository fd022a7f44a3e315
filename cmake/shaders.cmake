# Every shaders/<op>/<name>.yaml becomes a C++ source with the SPIR-V of its variants; together they are motet_shaders.

find_program(MOTET_GLSLANG NAMES glslangValidator glslang REQUIRED)
find_package(Python3 REQUIRED COMPONENTS Interpreter)
execute_process(COMMAND ${Python3_EXECUTABLE} -c "import yaml" RESULT_VARIABLE no_yaml ERROR_QUIET)
if(no_yaml)
  message(FATAL_ERROR "compiling the shaders needs Python's yaml: install python3-yaml")
endif()

set(shader_includes ${PROJECT_SOURCE_DIR}/shaders/include)
set(shader_output ${MOTET_GENERATED}/shaders)
file(MAKE_DIRECTORY ${shader_output})
file(GLOB descriptions CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/shaders/*/*.yaml)
set(sources "")
set(lines "")
foreach(description IN LISTS descriptions)
  cmake_path(GET description STEM stem)
  cmake_path(REPLACE_EXTENSION description LAST_ONLY .comp OUTPUT_VARIABLE shader)
  set(source ${shader_output}/${stem}.cpp)
  add_custom_command(
    OUTPUT ${source}
    COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tools/compile_shaders.py --glslang ${MOTET_GLSLANG} --include ${shader_includes}
            --depfile ${source}.d ${description} ${source}
    DEPENDS ${description} ${shader} ${PROJECT_SOURCE_DIR}/tools/compile_shaders.py
    DEPFILE ${source}.d
    COMMENT "shader ${stem}" VERBATIM)
  list(APPEND sources ${source})
  string(APPEND lines "X(${stem})\n")
endforeach()
file(CONFIGURE OUTPUT ${MOTET_GENERATED}/device/vulkan/shader_table.inc CONTENT "${lines}")

# The functions that the GLSL of plugins finds, as text.
set(math_glsl ${shader_includes}/math.glsl)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${math_glsl})
file(READ ${math_glsl} math_text)
file(CONFIGURE OUTPUT ${MOTET_GENERATED}/device/vulkan/math_glsl.inc
     CONTENT "constexpr std::string_view kMathGlsl = R\"glsl(${math_text})glsl\";\n" @ONLY)

if(NOT sources)
  return()
endif()
add_library(motet_shaders STATIC ${sources})
target_include_directories(motet_shaders PRIVATE ${PROJECT_SOURCE_DIR}/core)
# Tables of numbers: nothing to optimise or to debug.
target_compile_options(motet_shaders PRIVATE -O0 -g0)
