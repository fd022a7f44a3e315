target_link_options(${target} PRIVATE -Wl,-rpath,/opt/build/lib)
