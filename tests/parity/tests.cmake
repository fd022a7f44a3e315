set(vulkan ON)
set(large ON)
list(APPEND libs motet_runtime motet_device nlohmann_json::nlohmann_json)

# A sampler that writes down what it sees. It lies apart, so that no other run finds it.
set(MOTET_PLUGIN_OUTPUT ${PROJECT_BINARY_DIR}/tests/parity_plugins)
motet_plugin_library(parity_recorder recorder ${PROJECT_SOURCE_DIR}/tests/parity/recorder_plugin.cpp)
list(FILTER sources EXCLUDE REGEX "recorder_plugin\\.cpp$")
list(APPEND needs motet_plugins)
