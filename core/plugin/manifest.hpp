// The manifest <name>.motet.json: written from a library, read without it, and compared with it when it is loaded.
#pragma once

#include <motet/abi.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "plugin/stage_type_info.hpp"

namespace motet::plugin {

inline constexpr std::string_view kManifestSuffix = ".motet.json";

// What a loaded library says of itself. Calls get_factory and each type's extension(). Throws Error(plugin), naming the
// obligation, where a table is malformed (a name missing, a struct too small, an id twice).
PluginInfo describe(const motet_plugin_entry& entry);

// The manifest's text, ending with a newline; equal plugins give equal bytes.
std::string manifest_text(const PluginInfo& plugin);

// Throws Error(plugin): what is wrong, in one line, without the file's name. `library` of the result is empty.
PluginInfo parse_manifest(std::string_view text);

// The first field in which they differ, "stage_types[0].inputs[1].type is \"text\" in the manifest, \"audio\" in the
// library"; empty where they agree.
std::string first_difference(const PluginInfo& manifest, const PluginInfo& library);

// Why a plugin built against this version cannot be loaded, empty where it can: the major version must be this
// Motet's, the minor not newer.
std::string abi_refusal(std::uint32_t major, std::uint32_t minor);

}  // namespace motet::plugin
