set(vulkan ON)
list(APPEND libs motet_device_cpu hwy::hwy)
