# The plugin of tests/support/little, once, for whoever's tests.cmake includes this.
if(NOT TARGET motet_test_little)
  add_library(motet_test_little MODULE ${PROJECT_SOURCE_DIR}/tests/support/little/little_plugin.cpp)
  set_target_properties(motet_test_little PROPERTIES PREFIX "" SUFFIX .so OUTPUT_NAME little LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests/little)
  target_link_libraries(motet_test_little PRIVATE motet_sdk motet_warnings Threads::Threads)
  add_dependencies(motet_test_little motet_sdk_ops)
  add_custom_command(TARGET motet_test_little POST_BUILD
    COMMAND motet-manifest $<TARGET_FILE:motet_test_little> > ${PROJECT_BINARY_DIR}/tests/little/little.motet.json VERBATIM)
  add_dependencies(motet_test_little motet-manifest)
endif()
list(APPEND needs motet_test_little)
