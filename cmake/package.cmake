# What `cmake --install` puts where. Nothing in the tree knows its own place, so it may be moved.
include(CMakePackageConfigHelpers)

foreach(program motet motet-manifest)
  if(TARGET ${program})
    install(TARGETS ${program} RUNTIME DESTINATION bin)
  endif()
endforeach()
install(DIRECTORY ${MOTET_PLUGIN_OUTPUT}/ DESTINATION ${MOTET_PLUGIN_FOLDER} USE_SOURCE_PERMISSIONS)
# The manual page and the completion scripts are what the program says of itself.
if(TARGET motet)
  set(said_folder ${PROJECT_BINARY_DIR}/share)
  function(motet_says file)
    add_custom_command(
      OUTPUT ${said_folder}/${file}
      COMMAND motet ${ARGN} > ${said_folder}/${file}.part
      COMMAND ${CMAKE_COMMAND} -E rename ${said_folder}/${file}.part ${said_folder}/${file}
      DEPENDS motet VERBATIM)
    cmake_path(GET file PARENT_PATH folder)
    file(MAKE_DIRECTORY ${said_folder}/${folder})
    install(FILES ${said_folder}/${file} DESTINATION share/${folder})
  endfunction()
  motet_says(man/man1/motet.1 man)
  motet_says(bash-completion/completions/motet completion bash)
  motet_says(zsh/site-functions/_motet completion zsh)
  motet_says(fish/vendor_completions.d/motet.fish completion fish)
  add_custom_target(motet_said ALL
    DEPENDS ${said_folder}/man/man1/motet.1 ${said_folder}/bash-completion/completions/motet
            ${said_folder}/zsh/site-functions/_motet ${said_folder}/fish/vendor_completions.d/motet.fish)
endif()

# From the build tree the program finds the templates as it does from an installed one.
file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/share/motet)
file(CREATE_LINK ${PROJECT_SOURCE_DIR}/templates ${PROJECT_BINARY_DIR}/share/motet/templates SYMBOLIC)
install(DIRECTORY templates/ DESTINATION share/motet/templates)
install(DIRECTORY pipelines/ DESTINATION share/motet/pipelines OPTIONAL)

install(DIRECTORY core/abi/motet core/sdk/motet DESTINATION include OPTIONAL FILES_MATCHING PATTERN *.h PATTERN *.hpp)
install(DIRECTORY ${MOTET_GENERATED}/sdk/motet DESTINATION include OPTIONAL FILES_MATCHING PATTERN *.hpp)
set(package_folder lib/cmake/motet)
set_target_properties(motet_sdk PROPERTIES EXPORT_NAME sdk)
set_target_properties(motet_abi PROPERTIES EXPORT_NAME abi)
install(TARGETS motet_sdk motet_abi EXPORT motet)
install(EXPORT motet NAMESPACE motet:: FILE motet-targets.cmake DESTINATION ${package_folder})
# The build tree is a package too, laid out as the installed one, so that its bin/ on the PATH is enough for find_package.
set(package ${PROJECT_BINARY_DIR}/${package_folder})
configure_package_config_file(cmake/motet-config.cmake.in ${package}/motet-config.cmake INSTALL_DESTINATION ${package_folder})
write_basic_package_version_file(${package}/motet-config-version.cmake COMPATIBILITY SameMajorVersion ARCH_INDEPENDENT)
configure_file(cmake/plugin.exports ${package}/plugin.exports COPYONLY)
export(EXPORT motet NAMESPACE motet:: FILE ${package}/motet-targets.cmake)
install(FILES ${package}/motet-config.cmake ${package}/motet-config-version.cmake ${package}/plugin.exports
        DESTINATION ${package_folder})
