# One library a folder of plugins/.

set(MOTET_PLUGIN_EXPORTS ${PROJECT_SOURCE_DIR}/cmake/plugin.exports)
set(MOTET_PLUGIN_OUTPUT ${PROJECT_BINARY_DIR}/${MOTET_PLUGIN_FOLDER})

# motet_plugin_library(TARGET NAME SOURCE...)
# A module NAME.so that exports nothing but `motet_plugin`, and beside it the manifest that is read from it.
function(motet_plugin_library target name)
  add_library(${target} MODULE ${ARGN})
  set_target_properties(${target} PROPERTIES PREFIX "" SUFFIX .so OUTPUT_NAME ${name} LIBRARY_OUTPUT_DIRECTORY ${MOTET_PLUGIN_OUTPUT}
                                             LINK_DEPENDS ${MOTET_PLUGIN_EXPORTS})
  target_link_libraries(${target} PRIVATE motet_sdk motet_warnings)
  target_link_options(${target} PRIVATE -Wl,--version-script=${MOTET_PLUGIN_EXPORTS})
  if(TARGET motet-manifest)
    set(manifest ${MOTET_PLUGIN_OUTPUT}/${name}.motet.json)
    add_custom_command(
      OUTPUT ${manifest}
      COMMAND motet-manifest $<TARGET_FILE:${target}> > ${manifest}.part
      COMMAND ${CMAKE_COMMAND} -E rename ${manifest}.part ${manifest}
      DEPENDS ${target} motet-manifest VERBATIM)
    add_custom_target(${target}_manifest ALL DEPENDS ${manifest})
    add_dependencies(motet_plugins ${target}_manifest)
  else()
    add_dependencies(motet_plugins ${target})
  endif()
endfunction()

# motet_plugin_data(TARGET NAME): the YAML files in subfolders of a plugin (families) go to <plugins>/NAME/<subfolder>/.
function(motet_plugin_data target name)
  set(folder ${PROJECT_SOURCE_DIR}/plugins/${name})
  file(GLOB files CONFIGURE_DEPENDS RELATIVE ${folder} ${folder}/*/*.yaml)
  foreach(file IN LISTS files)
    set(copy ${MOTET_PLUGIN_OUTPUT}/${name}/${file})
    add_custom_command(OUTPUT ${copy} COMMAND ${CMAKE_COMMAND} -E copy ${folder}/${file} ${copy} DEPENDS ${folder}/${file} VERBATIM)
    list(APPEND copies ${copy})
  endforeach()
  if(files)
    add_custom_target(${target}_data ALL DEPENDS ${copies})
    add_dependencies(motet_plugins ${target}_data)
  endif()
endfunction()

# Each plugins/<name>/ with sources becomes the target plugin_<name>; its sources are the object library plugin_<name>_objects,
# which its tests link too. plugins/<name>/plugin.cmake may append to `libs` what it needs.
function(motet_plugin_folder folder)
  cmake_path(GET folder FILENAME name)
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.cpp)
  if(NOT sources)
    return()
  endif()
  set(libs "")
  include(${folder}/plugin.cmake OPTIONAL)
  set(objects plugin_${name}_objects)
  add_library(${objects} OBJECT ${sources})
  target_include_directories(${objects} PUBLIC ${PROJECT_SOURCE_DIR}/plugins)
  target_link_libraries(${objects} PUBLIC motet_sdk ${libs} PRIVATE motet_warnings)
  motet_plugin_library(plugin_${name} ${name} $<TARGET_OBJECTS:${objects}>)
  target_link_libraries(plugin_${name} PRIVATE ${libs})
  motet_plugin_data(plugin_${name} ${name})
endfunction()

function(motet_plugin_folders)
  add_custom_target(motet_plugins ALL)
  # Globbing files, not folders: the build then notices a new plugin's first source.
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/plugins/*/*.cpp)
  foreach(source IN LISTS sources)
    cmake_path(GET source PARENT_PATH folder)
    list(APPEND folders ${folder})
  endforeach()
  list(REMOVE_DUPLICATES folders)
  foreach(folder IN LISTS folders)
    motet_plugin_folder(${folder})
  endforeach()
endfunction()
