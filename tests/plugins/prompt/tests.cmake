list(APPEND libs nlohmann_json::nlohmann_json)
