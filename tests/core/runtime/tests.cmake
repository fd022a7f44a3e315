include(${PROJECT_SOURCE_DIR}/tests/support/little/little.cmake)
list(APPEND libs motet_device_cpu motet_device)
