#include "plugin/registry.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <set>

#include "base/error.hpp"
#include "base/folder.hpp"
#include "base/mapped_file.hpp"
#include "plugin/manifest.hpp"

namespace motet::plugin {

namespace fs = std::filesystem;

struct Registry::Libraries {
  std::mutex mutex;
  // By plugin id. Shared: stages outlive neither their library nor need the registry.
  std::map<std::string, std::shared_ptr<const Library>, std::less<>> loaded;
};

Registry::Registry() : libraries_(std::make_unique<Libraries>()) {}
Registry::Registry(Registry&&) noexcept = default;
Registry& Registry::operator=(Registry&&) noexcept = default;
Registry::~Registry() = default;

namespace {

constexpr std::size_t kMostManifestBytes = std::size_t{4} << 20;

// Throws base::Error where it cannot be read.
bool is_elf(const fs::path& file) {
  const base::MappedFile mapped(file);
  return mapped.bytes().size() >= 4 && std::memcmp(mapped.bytes().data(),
                                                   "\x7f"
                                                   "ELF",
                                                   4) == 0;
}

std::string without_suffix(const fs::path& manifest) {
  const std::string name = manifest.filename().string();
  return name.substr(0, name.size() - kManifestSuffix.size());
}

// The files of a folder in one order everywhere. Throws fs::filesystem_error.
std::vector<fs::path> sorted_files(const fs::path& folder) {
  std::vector<fs::path> out = base::files_in(folder);
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

void Registry::read(const fs::path& manifest) {
  const auto refuse = [&](const std::string& reason) { refused_.push_back({manifest, reason}); };
  const fs::path library = manifest.parent_path() / (without_suffix(manifest) + ".so");
  std::error_code error;
  if (!fs::is_regular_file(library, error))
    return refuse("there is no library " + library.filename().string() + " beside it");
  try {
    if (!is_elf(library)) {
      refused_.push_back({library, "it is not a shared library"});
      return;
    }
    PluginInfo plugin = parse_manifest(base::read_file(manifest, kMostManifestBytes));
    if (const std::string reason = abi_refusal(plugin.abi_major, plugin.abi_minor); !reason.empty())
      return refuse(reason);
    if (const PluginInfo* other = find_plugin(plugin.id)) {
      return refuse("the plugin '" + plugin.id + "' is already there: " + other->library.string());
    }
    plugin.library = fs::absolute(library).lexically_normal();
    plugins_.push_back(std::move(plugin));
  } catch (const base::Error& failure) {
    refuse(failure.what());
  }
}

void Registry::look_into(const fs::path& folder) {
  const std::vector<fs::path> files = sorted_files(folder);
  std::set<std::string> described;
  for (const fs::path& file : files) {
    if (!file.filename().string().ends_with(kManifestSuffix)) continue;
    described.insert(without_suffix(file));
    read(file);
  }
  for (const fs::path& file : files) {
    if (file.extension() != ".so" || described.contains(file.stem().string())) continue;
    try {
      refused_.push_back({file, is_elf(file)
                                    ? "there is no manifest " + file.stem().string() + std::string(kManifestSuffix) +
                                          " beside it: write one with `motet-manifest " + file.filename().string() + "`"
                                    : "it is not a shared library"});
    } catch (const base::Error& failure) {
      refused_.push_back({file, failure.what()});
    }
  }
}

Registry Registry::scan(const std::vector<fs::path>& folders) {
  Registry out;
  std::set<fs::path> seen;
  for (const fs::path& folder : folders) {
    try {
      if (fs::exists(folder) && seen.insert(fs::canonical(folder)).second) out.look_into(folder);
    } catch (const fs::filesystem_error& error) {
      if (error.code() == std::errc::not_enough_memory) throw;
      out.refused_.push_back({folder, "cannot be listed: " + error.code().message()});
    }
  }
  std::sort(out.plugins_.begin(), out.plugins_.end(),
            [](const PluginInfo& a, const PluginInfo& b) { return a.id < b.id; });
  return out;
}

Registry Registry::of(const fs::path& library) {
  Registry out;
  out.read(library.parent_path() / (library.stem().string() + std::string(kManifestSuffix)));
  for (const Refused& refused : out.refused_)
    base::fail(base::ErrorKind::plugin, refused.file.string() + ": " + refused.reason);
  return out;
}

std::vector<fs::path> Registry::search_path(const fs::path& executable, const std::vector<fs::path>& extra) {
  std::vector<fs::path> out = extra;
  if (const char* given = std::getenv("MOTET_PLUGINS")) {
    std::string_view rest = given;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(':'), rest.size());
      if (end > 0) out.emplace_back(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  out.push_back((executable.parent_path() / ".." / "lib" / "motet" / "plugins").lexically_normal());
  return out;
}

const PluginInfo* Registry::find_plugin(std::string_view id) const {
  const auto found = std::find_if(plugins_.begin(), plugins_.end(), [&](const PluginInfo& p) { return p.id == id; });
  return found == plugins_.end() ? nullptr : &*found;
}

Found Registry::find(std::string_view name) const {
  const std::size_t colon = name.find(':');
  const std::string_view plugin = colon == std::string_view::npos ? std::string_view() : name.substr(0, colon);
  const std::string_view type = colon == std::string_view::npos ? name : name.substr(colon + 1);
  std::vector<const StageTypeInfo*> matches;
  for (const PluginInfo& candidate : plugins_) {
    if (colon != std::string_view::npos && candidate.id != plugin) continue;
    for (const StageTypeInfo& offered : candidate.types) {
      if (offered.id == type) matches.push_back(&offered);
    }
  }
  Found out;
  if (matches.size() == 1) out.type = matches.front();
  if (matches.size() > 1) {
    for (const StageTypeInfo* match : matches) out.candidates.push_back(match->plugin + ":" + match->id);
  }
  return out;
}

std::vector<const OperationInfo*> Registry::find_operation(std::string_view id) const {
  std::vector<const OperationInfo*> out;
  for (const PluginInfo& plugin : plugins_) {
    for (const OperationInfo& offered : plugin.operations) {
      if (offered.id == id) out.push_back(&offered);
    }
  }
  return out;
}

std::vector<std::string> Registry::type_ids() const {
  std::set<std::string> ids;
  for (const PluginInfo& plugin : plugins_) {
    for (const StageTypeInfo& type : plugin.types) ids.insert(type.id);
  }
  return {ids.begin(), ids.end()};
}

std::vector<std::string> Registry::types_of_kind(std::string_view kind) const {
  std::set<std::string> out;
  for (const PluginInfo& plugin : plugins_) {
    for (const StageTypeInfo& type : plugin.types) {
      if (type.kind == kind) out.insert(find(type.id).type != nullptr ? type.id : plugin.id + ":" + type.id);
    }
  }
  return {out.begin(), out.end()};
}

const PluginInfo& Registry::plugin_of(const StageTypeInfo& type) const {
  const PluginInfo* plugin = find_plugin(type.plugin);
  if (plugin == nullptr)
    base::fail(base::ErrorKind::plugin, "the plugin '" + type.plugin + "' is not in this registry");
  return *plugin;
}

const fs::path& Registry::library_of(const StageTypeInfo& type) const { return plugin_of(type).library; }

LoadedType Registry::load(const StageTypeInfo& type) const {
  const PluginInfo* plugin = &plugin_of(type);
  std::shared_ptr<const Library> library;
  {
    // Under the lock while it loads: two stages of one plugin must not open it twice.
    const std::lock_guard lock(libraries_->mutex);
    std::shared_ptr<const Library>& slot = libraries_->loaded[plugin->id];
    if (!slot) {
      auto opened = std::make_shared<const Library>(plugin->library);
      if (const std::string difference = first_difference(*plugin, opened->info()); !difference.empty()) {
        base::fail(base::ErrorKind::plugin,
                   plugin->library.string() + ": [C003] it does not agree with its manifest: " + difference,
                   "write the manifest anew with `motet-manifest`");
      }
      slot = std::move(opened);
    }
    library = slot;
  }
  const motet_stage_type* table = library->find(type.id);
  if (table == nullptr)
    base::fail(base::ErrorKind::plugin, plugin->library.string() + ": it has no stage type '" + type.id + "'");
  return {&type, std::move(library), table};
}

}  // namespace motet::plugin
