list(APPEND libs motet_runtime motet_device motet_graph)
list(APPEND needs motet_plugins)
