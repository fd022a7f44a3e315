set(vulkan ON)
list(APPEND sources ${folder}/layout_c11.c)

# A plugin as it was built then, with the manifest of then, one of now whose structs end earlier, and one that was made then and takes i32.
set(abi_plugins ${PROJECT_BINARY_DIR}/tests/abi_plugins)
function(motet_abi_plugin name source)
  add_library(motet_test_abi_${name} MODULE ${source})
  set_target_properties(motet_test_abi_${name} PROPERTIES PREFIX "" SUFFIX .so OUTPUT_NAME ${name} LIBRARY_OUTPUT_DIRECTORY ${abi_plugins}
                                                          C_VISIBILITY_PRESET hidden)
  target_link_libraries(motet_test_abi_${name} PRIVATE motet_warnings)
endfunction()
motet_abi_plugin(foundation ${folder}/foundation/foundation.c)
target_include_directories(motet_test_abi_foundation PRIVATE ${folder}/foundation/include)
add_custom_command(TARGET motet_test_abi_foundation POST_BUILD
  COMMAND ${CMAKE_COMMAND} -E copy ${folder}/foundation/foundation.motet.json ${abi_plugins}/foundation.motet.json VERBATIM)
foreach(name smaller whole_numbers)
  motet_abi_plugin(${name} ${folder}/${name}.c)
  target_link_libraries(motet_test_abi_${name} PRIVATE motet_abi)
  add_custom_command(TARGET motet_test_abi_${name} POST_BUILD
    COMMAND motet-manifest $<TARGET_FILE:motet_test_abi_${name}> > ${abi_plugins}/${name}.motet.json VERBATIM)
  add_dependencies(motet_test_abi_${name} motet-manifest)
  list(APPEND needs motet_test_abi_${name})
endforeach()
list(APPEND needs motet_test_abi_foundation motet)
