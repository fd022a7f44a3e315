# Read by ctest after the tests were found. Tests that open Vulkan (`vulkan` in their tests.cmake) run with the validation layers
# watching, and only after those that provoke what the layers find have heard of it: else their silence would say nothing.
foreach(test IN LISTS test_core_device_vulkan_TESTS)
  if(test MATCHES "validation reports")
    set_tests_properties("${test}" PROPERTIES FIXTURES_SETUP vulkan_validation)
  else()  # what a test requires cannot be taken from it again, so that this folder's are told apart here
    set_tests_properties("${test}" PROPERTIES FIXTURES_REQUIRED vulkan_validation)
  endif()
endforeach()
# Without validation run: what counts the heap's allocations, and would count the layers' own; the runs of tests/faults; and in
# tests/core/device_vulkan what has a loader without layers, or a GPU that is not there.
foreach(test IN LISTS test_parity_TESTS)
  if(test MATCHES "allocate, plan and record nothing")
    set_tests_properties("${test}" PROPERTIES ENVIRONMENT MOTET_VULKAN_VALIDATION=0)
  endif()
endforeach()
