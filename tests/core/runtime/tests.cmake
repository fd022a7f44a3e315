include(${PROJECT_SOURCE_DIR}/tests/support/little/little.cmake)
list(APPEND libs motet_device_cpu motet_device)

# Decoders with states of every kind, for these tests alone.
set(states_plugins ${PROJECT_BINARY_DIR}/tests/states_plugins)
add_library(motet_test_states MODULE ${PROJECT_SOURCE_DIR}/tests/core/runtime/states_plugin.cpp)
set_target_properties(motet_test_states PROPERTIES PREFIX "" SUFFIX .so OUTPUT_NAME states LIBRARY_OUTPUT_DIRECTORY ${states_plugins})
target_link_libraries(motet_test_states PRIVATE motet_sdk motet_warnings Threads::Threads)
add_dependencies(motet_test_states motet_sdk_ops)
add_custom_command(TARGET motet_test_states POST_BUILD COMMAND motet-manifest $<TARGET_FILE:motet_test_states> > ${states_plugins}/states.motet.json VERBATIM)
add_dependencies(motet_test_states motet-manifest)
list(APPEND needs motet_test_states plugin_tokenizer)
list(FILTER sources EXCLUDE REGEX "states_plugin\\.cpp$")
