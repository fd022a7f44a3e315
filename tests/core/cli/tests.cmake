set(vulkan ON)
include(${PROJECT_SOURCE_DIR}/tests/support/little/little.cmake)
include(${PROJECT_SOURCE_DIR}/tests/support/isolated.cmake)
# A plugin for these tests alone, with its manifest, in a folder of its own.
set(cli_plugins ${PROJECT_BINARY_DIR}/tests/cli_plugins)
add_library(motet_test_cli MODULE ${PROJECT_SOURCE_DIR}/tests/core/cli/cli_plugin.cpp)
set_target_properties(motet_test_cli PROPERTIES PREFIX "" SUFFIX .so OUTPUT_NAME cli LIBRARY_OUTPUT_DIRECTORY ${cli_plugins})
target_link_libraries(motet_test_cli PRIVATE motet_sdk motet_warnings Threads::Threads)
add_custom_command(TARGET motet_test_cli POST_BUILD COMMAND motet-manifest $<TARGET_FILE:motet_test_cli> > ${cli_plugins}/cli.motet.json VERBATIM)
add_dependencies(motet_test_cli motet-manifest motet_sdk_ops)
list(APPEND needs motet_test_cli motet)
list(FILTER sources EXCLUDE REGEX "cli_plugin\\.cpp$")
# Plugins that are wrong, each in its own way, from tests/core/plugin.
foreach(name right no_symbol newer_major older_major throws)
  list(APPEND needs motet_test_contract_${name})
endforeach()
list(APPEND needs motet-manifest)
# Operations, from tests/core/runtime.
list(APPEND needs motet_test_operations motet_test_broken_operations motet_test_rival_operations motet_test_operation_template)
