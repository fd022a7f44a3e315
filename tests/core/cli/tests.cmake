# A plugin for these tests alone, with its manifest, in a folder of its own.
set(cli_plugins ${PROJECT_BINARY_DIR}/tests/cli_plugins)
add_library(motet_test_cli MODULE ${PROJECT_SOURCE_DIR}/tests/core/cli/cli_plugin.cpp)
set_target_properties(motet_test_cli PROPERTIES PREFIX "" SUFFIX .so OUTPUT_NAME cli LIBRARY_OUTPUT_DIRECTORY ${cli_plugins})
target_link_libraries(motet_test_cli PRIVATE motet_sdk motet_warnings Threads::Threads)
add_custom_command(TARGET motet_test_cli POST_BUILD COMMAND motet-manifest $<TARGET_FILE:motet_test_cli> > ${cli_plugins}/cli.motet.json VERBATIM)
add_dependencies(motet_test_cli motet-manifest)
list(APPEND needs motet_test_cli motet)
list(FILTER sources EXCLUDE REGEX "cli_plugin\\.cpp$")
