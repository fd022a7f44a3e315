// Stages of the plugins that this build made, for targets whose reader is one.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "host/instance.hpp"
#include "plugin/registry.hpp"

namespace motet::fuzz {

const plugin::Registry& built_plugins();

// A stage that no graph holds, with its defaults for what `with` leaves out. Throws base::Error as creating one does.
std::unique_ptr<host::Instance> make_stage(const std::string& type, const std::map<std::string, std::string>& with);

}  // namespace motet::fuzz
