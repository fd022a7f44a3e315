#include "plugin/registry.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "base/error.hpp"
#include "plugin/manifest.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace fs = std::filesystem;
namespace plugin = motet::plugin;
using motet::test::TemporaryFolder;

namespace {

fs::path built(const std::string& name) { return fs::path(MOTET_BINARY_DIR) / "tests" / "contract" / (name + ".so"); }

std::string manifest_of(const std::string& name) { return plugin::manifest_text(plugin::Library(built(name)).info()); }

void install(const TemporaryFolder& folder, const std::string& name, const std::string& manifest) {
  fs::copy_file(built(name), folder.path() / (name + ".so"));
  folder.write(name + ".motet.json", manifest);
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

std::string reason_of(const plugin::Registry& registry, const std::string& file) {
  for (const plugin::Refused& refused : registry.refused()) {
    if (refused.file.filename() == file) return refused.reason;
  }
  return "not refused";
}

std::string load_failure(const plugin::Registry& registry, const std::string& type) {
  const plugin::StageTypeInfo* found = registry.find(type).type;
  REQUIRE(found != nullptr);
  try {
    (void)registry.load(*found);
    return "loaded";
  } catch (const motet::base::Error& error) {
    CHECK(error.kind() == motet::base::ErrorKind::plugin);
    return error.what();
  }
}

std::string open_failure(const std::string& name) {
  try {
    const plugin::Library library(built(name));
    return "loaded";
  } catch (const motet::base::Error& error) {
    CHECK(std::string(error.what()).find('\n') == std::string::npos);
    return error.what();
  }
}

}  // namespace

TEST_CASE("a plugin's types are known without loading it, and load on demand") {
  const TemporaryFolder folder;
  install(folder, "right", manifest_of("right"));
  const plugin::Registry registry = plugin::Registry::scan({folder.path()});
  CHECK(registry.refused().empty());
  REQUIRE(registry.plugins().size() == 1);
  CHECK(registry.plugins()[0].version == "1.2.3");
  const plugin::StageTypeInfo* type = registry.find("contract.echo").type;
  REQUIRE(type != nullptr);
  CHECK(registry.find("contract:contract.echo").type == type);
  CHECK(registry.find("nobody:contract.echo").type == nullptr);
  CHECK(type->plugin == "contract");
  CHECK(type->is_host());
  CHECK_FALSE(type->is_tensor());
  REQUIRE(type->find_param("mode") != nullptr);
  CHECK(type->find_param("mode")->choices == std::vector<std::string>{"a", "b"});
  CHECK(type->find_param("mode")->otherwise == "a");
  CHECK(std::isinf(type->find_param("mode")->maximum));
  CHECK(type->find_param("count")->required);
  CHECK(type->find_param("count")->maximum == 9);
  CHECK(type->find_slot("text")->kind == "tokenizer");
  CHECK(type->find_input("x")->help == "any text");
  CHECK(registry.types_of_kind("text") == std::vector<std::string>{"contract.echo"});

  const plugin::LoadedType loaded = registry.load(*type);
  CHECK(std::string(loaded.type->id) == "contract.echo");
  CHECK(registry.load(*type).library == loaded.library);
}

TEST_CASE("scanning opens no library") {
  const TemporaryFolder folder;
  install(folder, "throws", replaced(manifest_of("right"), "\"contract\"", "\"throws\""));
  const plugin::Registry registry = plugin::Registry::scan({folder.path()});
  REQUIRE(registry.plugins().size() == 1);
  CHECK_THAT(load_failure(registry, "contract.echo"), Catch::Contains("[C005]") && Catch::Contains("not today"));
}

TEST_CASE("a type that two plugins have is named with its plugin") {
  const TemporaryFolder folder;
  install(folder, "right", manifest_of("right"));
  install(folder, "second", manifest_of("second"));
  const plugin::Registry registry = plugin::Registry::scan({folder.path()});
  const plugin::Found found = registry.find("contract.echo");
  CHECK(found.type == nullptr);
  CHECK(found.candidates == std::vector<std::string>{"contract:contract.echo", "second:contract.echo"});
  CHECK(registry.find("second:contract.echo").type->plugin == "second");
  CHECK(registry.types_of_kind("text") == found.candidates);
  CHECK(registry.type_ids() == std::vector<std::string>{"contract.echo"});
}

TEST_CASE("files that are no plugins are refused with one reason each and take nobody down") {
  const TemporaryFolder folder;
  const std::string right = manifest_of("right");
  install(folder, "right", right);
  install(folder, "newer_major", replaced(replaced(right, "\"contract\"", "\"a\""), "\"major\": 1", "\"major\": 99"));
  install(folder, "older_major", replaced(replaced(right, "\"contract\"", "\"b\""), "\"major\": 1", "\"major\": 0"));
  install(folder, "newer_minor", replaced(replaced(right, "\"contract\"", "\"c\""), "\"minor\": 1", "\"minor\": 99"));
  install(folder, "second", "{");
  install(folder, "size", "{\"motet_manifest\": 1}");
  install(folder, "twice", "{\"motet_manifest\": 2}");
  install(folder, "other_type", right);  // its id is taken by now
  folder.write("text.so", "this is no library");
  folder.write("text.motet.json", right);
  folder.write("alone.motet.json", right);
  fs::copy_file(built("throws"), folder.path() / "bare.so");
  const plugin::Registry registry = plugin::Registry::scan({folder.path()});
  CHECK(reason_of(registry, "newer_major.motet.json") ==
        "it was built against version 99.1 of the plugin contract, this Motet has 1.1: update Motet");
  CHECK(reason_of(registry, "older_major.motet.json") ==
        "it was built against version 0.1 of the plugin contract, this Motet has 1.1: rebuild the plugin");
  CHECK(reason_of(registry, "newer_minor.motet.json") ==
        "it was built against version 1.99 of the plugin contract, this Motet has 1.1: update Motet");
  CHECK(reason_of(registry, "second.motet.json") == "the manifest is not JSON: byte 2");
  CHECK(reason_of(registry, "size.motet.json") == "the manifest is malformed: key 'plugin' not found");
  CHECK(reason_of(registry, "twice.motet.json") == "the manifest has version 2, this Motet reads 1");
  CHECK(reason_of(registry, "text.so") == "it is not a shared library");
  CHECK(reason_of(registry, "alone.motet.json") == "there is no library alone.so beside it");
  CHECK_THAT(reason_of(registry, "bare.so"), Catch::Contains("motet-manifest bare.so"));
  CHECK_THAT(reason_of(registry, "right.motet.json"),
             Catch::Contains("the plugin 'contract' is already there: ") && Catch::Contains("other_type.so"));
  REQUIRE(registry.plugins().size() == 1);
  CHECK(registry.find("contract.echo").type != nullptr);
}

TEST_CASE("the first folder's plugin counts, and folders that are missing or named twice do no harm") {
  const TemporaryFolder first;
  const TemporaryFolder later;
  install(first, "right", manifest_of("right"));
  install(later, "right", manifest_of("right"));
  const plugin::Registry registry =
      plugin::Registry::scan({"/nowhere", first.path(), first.path() / ".", later.path()});
  REQUIRE(registry.plugins().size() == 1);
  CHECK(registry.plugins()[0].library == first.path() / "right.so");
  CHECK(registry.refused().size() == 1);
}

TEST_CASE("a library that differs from its manifest is refused with the field's name") {
  const TemporaryFolder folder;
  install(folder, "right", replaced(manifest_of("right"), "\"default\": \"a\"", "\"default\": \"b\""));
  const plugin::Registry registry = plugin::Registry::scan({folder.path()});
  CHECK_THAT(load_failure(registry, "contract.echo"),
             Catch::Contains("[C003]") &&
                 Catch::Contains("stage_types[0].params[0].default is \"b\" in the manifest, \"a\" in the library"));
}

TEST_CASE("a library with another number of parts than its manifest says is refused") {
  const TemporaryFolder folder;
  std::string manifest = manifest_of("right");
  const std::size_t begin = manifest.find("\"slots\": [");
  const std::size_t end = manifest.find(']', begin);
  manifest.replace(begin, end - begin, "\"slots\": [");
  install(folder, "right", manifest);
  const plugin::Registry registry = plugin::Registry::scan({folder.path()});
  CHECK_THAT(load_failure(registry, "contract.echo"),
             Catch::Contains("stage_types[0].slots has 0 entries in the manifest, 1 in the library"));
}

TEST_CASE("libraries that break the contract name the obligation") {
  CHECK(open_failure("right") == "loaded");
  CHECK_THAT(open_failure("no_symbol"), Catch::Contains("[C001]") && Catch::Contains("motet_plugin"));
  CHECK_THAT(open_failure("newer_major"), Catch::Contains("[C002]") && Catch::Contains("99.1"));
  CHECK_THAT(open_failure("older_major"), Catch::Contains("[C002]") && Catch::Contains("rebuild the plugin"));
  CHECK_THAT(open_failure("newer_minor"), Catch::Contains("[C002]") && Catch::Contains("1.99"));
  CHECK_THAT(open_failure("size"), Catch::Contains("[C004]") && Catch::Contains("stage_types[0]"));
  CHECK_THAT(open_failure("no_extension"), Catch::Contains("[C004]") && Catch::Contains("contract.echo"));
  CHECK_THAT(open_failure("twice"), Catch::Contains("[C004]") && Catch::Contains("twice"));
  CHECK_THAT(open_failure("throws"), Catch::Contains("[C005]"));
  CHECK_THAT(open_failure("undefined"),
             Catch::Contains("cannot be loaded") && Catch::Contains("motet_test_function_that_nobody_has"));
}

TEST_CASE("the manifest survives being written and read") {
  const plugin::PluginInfo info = plugin::Library(built("right")).info();
  const std::string text = plugin::manifest_text(info);
  const plugin::PluginInfo again = plugin::parse_manifest(text);
  CHECK(plugin::first_difference(again, info).empty());
  CHECK(plugin::manifest_text(again) == text);
}

TEST_CASE("the search path is what was given, then MOTET_PLUGINS, then beside the executable") {
  setenv("MOTET_PLUGINS", "/one::/two", 1);
  CHECK(plugin::Registry::search_path("/opt/motet/bin/motet", {"/mine"}) ==
        std::vector<fs::path>{"/mine", "/one", "/two", "/opt/motet/lib/motet/plugins"});
  unsetenv("MOTET_PLUGINS");
  CHECK(plugin::Registry::search_path("/opt/motet/bin/motet") == std::vector<fs::path>{"/opt/motet/lib/motet/plugins"});
}
