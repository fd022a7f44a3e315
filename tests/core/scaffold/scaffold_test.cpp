#include "scaffold/scaffold.hpp"

#include <fstream>
#include <iterator>

#include "base/error.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace motet;
namespace fs = std::filesystem;

namespace {

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// A program with two kinds beside it.
struct Installed {
  test::TemporaryFolder folder;
  fs::path program = folder.path() / "bin/motet";
  fs::path work = folder.path() / "work";
  Installed() {
    const std::string t = "share/motet/templates/";
    folder.write(t + "every/c++/CMakeLists.txt", "motet_plugin(my_plugin my_plugin.cpp)\n");
    folder.write(t + "every/c/CMakeLists.txt", "motet_plugin(my_plugin my_plugin.c)\n");
    folder.write(t + "every/.gitignore", "/build/\n");
    folder.write(t + "kinds/small/README.md", "# my_plugin\n");
    folder.write(t + "kinds/small/data/my_plugin.bin", std::string("my_plugin\0", 10));
    folder.write(t + "kinds/small/c++/my_plugin.cpp", "class MyPlugin {}; // my_plugin, my_plugin\n");
    folder.write(t + "kinds/small/c/my_plugin.c", "int my_plugin;\n");
    folder.write(t + "kinds/large/c++/my_plugin.cpp", "\n");
    fs::create_directories(work);
  }
  std::string refusal(const scaffold::Order& order) const {
    try {
      scaffold::Templates(program).make(order, work);
    } catch (const base::Error& error) {
      return std::string(error.what()) + " | " + error.help();
    }
    return "none";
  }
};

}  // namespace

TEST_CASE("scaffold: a template's files with the name in them") {
  const Installed installed;
  const scaffold::Templates templates(installed.program);
  const auto files = templates.make({"small", "c++", "wave_attention"}, installed.work);
  CHECK(files == std::vector<fs::path>{".gitignore", "CMakeLists.txt", "README.md", "data/wave_attention.bin",
                                       "wave_attention.cpp"});
  const fs::path made = installed.work / "wave_attention";
  CHECK(read(made / "wave_attention.cpp") == "class WaveAttention {}; // wave_attention, wave_attention\n");
  CHECK(read(made / "CMakeLists.txt") == "motet_plugin(wave_attention wave_attention.cpp)\n");
  CHECK(read(made / "README.md") == "# wave_attention\n");
  CHECK(read(made / "data/wave_attention.bin") == std::string("my_plugin\0", 10));  // bytes stay as they are
  CHECK_FALSE(fs::exists(made / "c"));
  templates.make({"small", "c", "other"}, installed.work);
  CHECK(read(installed.work / "other/other.c") == "int other;\n");
  CHECK_FALSE(fs::exists(installed.work / "other/other.cpp"));
}

TEST_CASE("scaffold: kinds and languages are the folders that are there") {
  const Installed installed;
  const scaffold::Templates templates(installed.program);
  REQUIRE(templates.kinds().size() == 2);
  CHECK(templates.kinds()[0].name == "large");
  CHECK(templates.kinds()[0].languages == std::vector<std::string>{"c++"});
  CHECK(templates.kinds()[1].languages == std::vector<std::string>{"c++", "c"});
  CHECK_THROWS_AS(scaffold::Templates(installed.folder.path() / "elsewhere/bin/motet"), base::Error);
}

TEST_CASE("scaffold: what is refused, and nothing is left") {
  const Installed installed;
  CHECK(installed.refusal({"smal", "c++", "x"}) ==
        "--kind smal: there is no such kind of plugin | did you mean 'small'?");
  CHECK(installed.refusal({"zebra", "c++", "x"}).ends_with("the kinds are large, small"));
  CHECK(installed.refusal({"large", "c", "x"}).ends_with("large is there in c++"));
  CHECK(installed.refusal({"large", "../small", "x"}).starts_with("--language ../small"));
  CHECK(installed.refusal({"small", "c", "../x"}).find("cannot be a plugin's name") != std::string::npos);
  fs::create_directory(installed.work / "taken");
  CHECK(installed.refusal({"small", "c", "taken"}).find("is there already") != std::string::npos);
  fs::create_symlink("nowhere", installed.work / "link");
  CHECK(installed.refusal({"small", "c", "link"}).find("is there already") != std::string::npos);
  // A template that cannot be read: what was begun is taken away again.
  fs::create_symlink("nowhere", installed.folder.path() / "share/motet/templates/kinds/small/c/broken");
  CHECK(installed.refusal({"small", "c", "half"}) != "none");
  std::vector<std::string> left;
  for (const auto& entry : fs::directory_iterator(installed.work)) left.push_back(entry.path().filename().string());
  std::sort(left.begin(), left.end());
  CHECK(left == std::vector<std::string>{"link", "taken"});
}

TEST_CASE("scaffold: names") {
  for (const char* name : {"a", "wave_attention", "wave2", "int", "a_1_b"})
    CHECK(scaffold::fault_of_name(name).empty());
  for (const char* name :
       {"", "Wave", "1a", "_a", "a_", "a__b", "a-b", "a.b", "a/b", "..", "a b", "é", "test", "all", "motet"}) {
    INFO(name);
    CHECK_FALSE(scaffold::fault_of_name(name).empty());
  }
  CHECK_FALSE(scaffold::fault_of_name(std::string(65, 'a')).empty());
  CHECK(scaffold::class_name("wave_attention") == "WaveAttention");
  CHECK(scaffold::class_name("a_1_b") == "A1B");
}
