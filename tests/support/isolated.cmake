# A plugin of stages that go wrong in every way that a process of their own is for, and one that nobody can even load. Included by the
# tests.cmake of several folders.
set(isolation_plugins ${PROJECT_BINARY_DIR}/tests/isolation_plugins)
if(NOT TARGET motet_test_isolation)
  foreach(name isolation aborting)
    add_library(motet_test_${name} MODULE ${PROJECT_SOURCE_DIR}/tests/support/isolated/${name}_plugin.cpp)
    set_target_properties(motet_test_${name} PROPERTIES PREFIX "" SUFFIX .so OUTPUT_NAME ${name} LIBRARY_OUTPUT_DIRECTORY ${isolation_plugins})
    target_link_libraries(motet_test_${name} PRIVATE motet_sdk motet_warnings Threads::Threads)
    # The variable keeps the second one from what it does at load.
    add_custom_command(TARGET motet_test_${name} POST_BUILD
      COMMAND ${CMAKE_COMMAND} -E env MOTET_TEST_SPARED=1 $<TARGET_FILE:motet-manifest> $<TARGET_FILE:motet_test_${name}>
              > ${isolation_plugins}/${name}.motet.json VERBATIM)
    add_dependencies(motet_test_${name} motet-manifest motet_sdk_ops)
  endforeach()
endif()
list(APPEND needs motet_test_isolation motet_test_aborting motet)
