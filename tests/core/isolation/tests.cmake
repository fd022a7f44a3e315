include(${PROJECT_SOURCE_DIR}/tests/support/isolated.cmake)
list(APPEND libs motet_runtime motet_device_cpu motet_device)
list(APPEND needs motet_plugins)
