include(${PROJECT_SOURCE_DIR}/tests/support/little/little.cmake)
