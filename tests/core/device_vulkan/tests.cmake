list(APPEND libs motet_vulkan_headers)
