// A plugin's shared library, opened and checked.
#pragma once

#include <motet/abi.h>

#include <filesystem>
#include <memory>
#include <string_view>

#include "plugin/stage_type_info.hpp"

namespace motet::plugin {

// Shared: every stage made from a library holds it, since its code and tables must outlive them all; the last one
// closes it. Immutable; any thread may use it.
class Library {
 public:
  // Opens it (RTLD_NOW | RTLD_LOCAL), checks the versions before any call into it, then reads its tables. Throws
  // Error(plugin), one line with the file's name, where it cannot be loaded or breaks the contract.
  explicit Library(std::filesystem::path file);
  ~Library();
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

  const PluginInfo& info() const { return info_; }
  const std::filesystem::path& file() const { return file_; }
  // Where the files that come with the plugin lie: <folder of the library>/<its name without .so>.
  std::filesystem::path data_folder() const;
  // nullptr where there is no such type.
  const motet_stage_type* find(std::string_view type_id) const;
  // The plugin's own table, which may end before what has been added since (tables.hpp: whole()).
  const motet_operation* find_operation(std::string_view id) const;

 private:
  struct Close {
    void operator()(void* handle) const;
  };
  std::filesystem::path file_;
  std::unique_ptr<void, Close> handle_;
  const motet_plugin_entry* entry_ = nullptr;
  PluginInfo info_;
};

// The file whose code this thread runs in Library's constructor: a library's own initialisers come before any call that
// could name them. nullptr: none. [async-signal-safe]
const char* loading_library();

}  // namespace motet::plugin
