list(APPEND libs motet_device_cpu hwy::hwy)
