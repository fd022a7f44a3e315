list(APPEND libs nlohmann_json::nlohmann_json)
list(APPEND libs motet_runtime motet_device motet_graph)
list(APPEND needs motet_plugins)
