target_link_options(${target} PRIVATE -Wl,--no-warn-rwx-segments)
