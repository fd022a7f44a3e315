# Outside libraries, each under one target name on every Debian that we build on, and the warnings for our own code.

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(spdlog REQUIRED CONFIG)
find_package(yaml-cpp REQUIRED CONFIG)
find_package(nlohmann_json REQUIRED CONFIG)
find_package(simdjson REQUIRED CONFIG)
find_package(Boost REQUIRED COMPONENTS filesystem program_options)
find_package(hwy REQUIRED CONFIG)

# Its headers; the library is opened when a kernel first asks for it (core/device/cpu/simd/late_highway.cpp).
foreach(configuration IN ITEMS NONE RELEASE RELWITHDEBINFO NOCONFIG)
  get_target_property(soname hwy::hwy IMPORTED_SONAME_${configuration})
  if(soname)
    set(MOTET_HWY_LIBRARY ${soname})
  endif()
endforeach()
if(NOT MOTET_HWY_LIBRARY)
  message(FATAL_ERROR "Highway's package config does not say what its shared library is called")
endif()
add_library(motet_highway INTERFACE)
target_include_directories(motet_highway SYSTEM INTERFACE $<TARGET_PROPERTY:hwy::hwy,INTERFACE_INCLUDE_DIRECTORIES>)
target_compile_definitions(motet_highway INTERFACE MOTET_HWY_LIBRARY="${MOTET_HWY_LIBRARY}")
target_link_libraries(motet_highway INTERFACE ${CMAKE_DL_LIBS})

if(NOT TARGET yaml-cpp::yaml-cpp) # before yaml-cpp 0.8
  add_library(yaml-cpp::yaml-cpp ALIAS yaml-cpp)
endif()

# Debian's package config of oneDNN asks for OpenCL's development files, which nothing here needs.
find_library(MOTET_DNNL_LIBRARY dnnl REQUIRED)
find_path(MOTET_DNNL_INCLUDE oneapi/dnnl/dnnl.h REQUIRED)
add_library(motet::dnnl UNKNOWN IMPORTED)
set_target_properties(motet::dnnl PROPERTIES IMPORTED_LOCATION ${MOTET_DNNL_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES ${MOTET_DNNL_INCLUDE})

pkg_check_modules(xxhash REQUIRED IMPORTED_TARGET libxxhash)

# Compiles the GLSL of operations that plugins bring. Its package config does not look for what it is linked with.
find_package(SPIRV-Tools REQUIRED CONFIG)
find_package(SPIRV-Tools-opt REQUIRED CONFIG)
find_package(SPIRV-Tools-link REQUIRED CONFIG)
find_package(glslang REQUIRED CONFIG)
add_library(motet_glslang INTERFACE)
target_link_libraries(motet_glslang INTERFACE glslang::glslang glslang::SPIRV glslang::glslang-default-resource-limits)

# Headers only: the loader is opened at run time, so that a machine without Vulkan still runs on its CPU.
find_path(MOTET_VULKAN_INCLUDE vulkan/vulkan_raii.hpp REQUIRED)
add_library(motet_vulkan_headers INTERFACE)
target_include_directories(motet_vulkan_headers SYSTEM INTERFACE ${MOTET_VULKAN_INCLUDE})
target_compile_definitions(motet_vulkan_headers INTERFACE VK_NO_PROTOTYPES VULKAN_HPP_DISPATCH_LOADER_DYNAMIC=1)
target_link_libraries(motet_vulkan_headers INTERFACE ${CMAKE_DL_LIBS})

add_library(motet_warnings INTERFACE)
target_compile_options(motet_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion
                                                $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor -Woverloaded-virtual>)

set(MOTET_SANITIZE "" CACHE STRING "Sanitizers for our own code, as -fsanitize takes them")
if(MOTET_SANITIZE)
  add_compile_options(-fsanitize=${MOTET_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${MOTET_SANITIZE})
endif()
