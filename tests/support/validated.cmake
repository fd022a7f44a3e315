# Read by ctest after the tests were found: what opens a Vulkan device runs with the validation layers watching, and only after
# the tests that provoke a hazard and an invalid use have heard of both.
set(provoking ${test_core_device_vulkan_TESTS})
list(FILTER provoking INCLUDE REGEX "validation reports")
if(provoking)
  set_tests_properties(${provoking} PROPERTIES FIXTURES_SETUP vulkan_validation)
endif()
foreach(list IN ITEMS test_core_device_vulkan_TESTS test_ops_TESTS test_parity_TESTS)
  foreach(test IN LISTS ${list})
    if(NOT test MATCHES "validation reports")
      set_tests_properties("${test}" PROPERTIES FIXTURES_REQUIRED vulkan_validation FAIL_REGULAR_EXPRESSION "Vulkan validation: ")
    endif()
    if(test MATCHES "allocate, plan and record nothing")  # it counts the heap's, and would count the layers' own
      set_tests_properties("${test}" PROPERTIES ENVIRONMENT MOTET_VULKAN_VALIDATION=0)
    endif()
  endforeach()
endforeach()
