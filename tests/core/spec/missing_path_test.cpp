#include "spec/missing_path.hpp"

#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using motet::spec::missing_path_help;
using motet::test::TemporaryFolder;

TEST_CASE("a path that leads nowhere: the name that is near, the folder that is missing, or where paths begin") {
  const TemporaryFolder folder;
  folder.write("models/little.safetensors", "");
  const std::string begins =
      "a path in a pipeline begins in the folder of its file, one of --set in the current folder";
  CHECK(missing_path_help(folder.path() / "models/litle.safetensors") == "did you mean 'little.safetensors'?");
  CHECK(missing_path_help(folder.path() / "model/little.safetensors") == "did you mean 'models'?");
  CHECK(missing_path_help(folder.path() / "model/") == "did you mean 'models'?");
  CHECK(missing_path_help(folder.path() / "models/other.gguf") == begins);
  CHECK(missing_path_help(folder.path() / "weights/a/other.gguf") ==
        "there is no folder " + (folder.path() / "weights").string() + "; " + begins);
  CHECK(missing_path_help("no-such-thing-anywhere") == begins);
}
