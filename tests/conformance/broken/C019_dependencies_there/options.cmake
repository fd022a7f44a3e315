set_target_properties(${target} PROPERTIES LINK_OPTIONS "")
target_link_options(${target} PRIVATE -Wl,-z,undefs)
