// The stage types that plugins offer, known from their manifests; libraries are loaded when a type of theirs is.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/library.hpp"
#include "plugin/stage_type_info.hpp"

namespace motet::plugin {

struct Refused {
  std::filesystem::path file;
  std::string reason;  // one line
};

struct Found {
  const StageTypeInfo* type = nullptr;  // lives as long as the registry
  // Where several plugins have the type and none was named: "plugin:type" of each. Then `type` is nullptr.
  std::vector<std::string> candidates;
};

struct LoadedType {
  const StageTypeInfo* info = nullptr;
  std::shared_ptr<const Library> library;  // shared: see Library
  const motet_stage_type* type = nullptr;
};

class Registry {
 public:
  // Reads the manifests <name>.motet.json beside <name>.so; opens no library. A file that is refused never takes others
  // down. Of two plugins with one id the first folder's counts. Folders that do not exist are skipped.
  static Registry scan(const std::vector<std::filesystem::path>& folders);
  // The one plugin of this library. Throws Error(plugin) where it would be refused.
  static Registry of(const std::filesystem::path& library);
  // Search path: `extra` (--plugins), then MOTET_PLUGINS (separated by ':'), then ../lib/motet/plugins beside the
  // executable.
  static std::vector<std::filesystem::path> search_path(const std::filesystem::path& executable,
                                                        const std::vector<std::filesystem::path>& extra = {});

  Registry(Registry&&) noexcept;
  Registry& operator=(Registry&&) noexcept;
  ~Registry();

  const std::vector<PluginInfo>& plugins() const { return plugins_; }  // sorted by id
  const std::vector<Refused>& refused() const { return refused_; }
  // `name` is "type" or "plugin:type".
  Found find(std::string_view name) const;
  // Every plugin's operation of this id: several where plugins that know nothing of each other chose the same.
  std::vector<const OperationInfo*> find_operation(std::string_view id) const;
  // All types' ids, sorted, for "did you mean".
  std::vector<std::string> type_ids() const;
  // Types of a kind, as "type", or "plugin:type" where it would be ambiguous: what may fill a slot.
  std::vector<std::string> types_of_kind(std::string_view kind) const;

  // Of a type of this registry, without loading it.
  const std::filesystem::path& library_of(const StageTypeInfo& type) const;
  // Loads the library if need be and compares it with its manifest. `type` must be of this registry. Any thread.
  // Throws Error(plugin), one line that names the file, and for a mismatch the field.
  LoadedType load(const StageTypeInfo& type) const;

 private:
  struct Libraries;
  Registry();
  void read(const std::filesystem::path& manifest);
  void look_into(const std::filesystem::path& folder);
  const PluginInfo* find_plugin(std::string_view id) const;
  const PluginInfo& plugin_of(const StageTypeInfo& type) const;  // throws Error(plugin)

  std::vector<PluginInfo> plugins_;
  std::vector<Refused> refused_;
  std::unique_ptr<Libraries> libraries_;
};

}  // namespace motet::plugin
