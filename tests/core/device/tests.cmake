set(vulkan ON)
