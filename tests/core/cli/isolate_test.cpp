// Isolated stages from the command line: what is said, how the program ends, what is left over.
#include <signal.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "motet.hpp"

using namespace motet::test;
using nlohmann::json;

namespace {

namespace fs = std::filesystem;

const std::string kPlugins = MOTET_BINARY_DIR "/tests/isolation_plugins";
// A crash is to be one, not a sanitizer's word on it and exit(1).
const std::vector<std::string> kEnvironment{"ASAN_OPTIONS=handle_segv=0:handle_abort=0"};

std::string pipeline(const TemporaryFolder& folder, const std::string& stage) {
  return folder
      .write("pipeline.yaml",
             "motet: 1\ninputs: {text: text}\nstages:\n  s: {" + stage + ", in: inputs.text}\noutputs: {y: s}\n")
      .string();
}

Said with_plugins(std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), {"--plugins", kPlugins});
  return motet_within(kEnvironment, arguments);
}

// Processes that serve a stage of this name.
std::size_t serving(const std::string& stage) {
  std::size_t count = 0;
  for (const auto& one : fs::directory_iterator("/proc")) {
    std::ifstream file(one.path() / "cmdline", std::ios::binary);
    const std::string words{std::istreambuf_iterator<char>(file), {}};
    if (words.find(std::string("--isolated-stage") + '\0' + stage + '\0') != words.npos) ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("isolate: of many items a crash fails one, and the status says so") {
  const TemporaryFolder folder;
  const std::string file = pipeline(folder, "use: isolation.act, isolate: true");
  const auto items = folder.write("items.jsonl", "{\"text\": \"one\"}\n{\"text\": \"segv\"}\n{\"text\": \"two\"}\n");
  const Said said = with_plugins({"run", file, "--in", "@" + items.string()});
  CHECK(said.status == 1);
  CHECK(said.out == "one!\ntwo!\n");
  CHECK(said.err.find(
            "stage 's' (isolation:isolation.act), isolated: its process crashed (SIGSEGV, it used memory that is not "
            "there) in process") != said.err.npos);
  const Said alone = with_plugins({"run", file, "--in", "text=exit", "--json"});
  CHECK(alone.status == 1);
  CHECK(json::parse(alone.out)["items"][0]["error"]["message"].get<std::string>().find("ended itself with exit(3)") !=
        std::string::npos);
}

TEST_CASE("isolate: what the stage says goes to stderr, and stdout stays the pipeline's") {
  const TemporaryFolder folder;
  const std::string file = pipeline(folder, "use: isolation.act, isolate: true");
  const Said said = with_plugins({"run", file, "--in", "text=say"});
  CHECK(said.status == 0);
  CHECK(said.out == "say!\n");
  CHECK(said.err == "said\n");
  const Said warned = with_plugins({"run", file, "--in", "text=warn"});
  CHECK(warned.out == "warn!\n");
  CHECK(warned.err == "warning: s: beware\n");
  CHECK(with_plugins({"run", file, "--in", "text=scratch"}).out == "scratch!\n");
}

TEST_CASE("isolate: a stage that cannot be made is a mistake in the pipeline's text") {
  const TemporaryFolder folder;
  const Said said = with_plugins({"check", pipeline(folder, "use: isolation.act, with: {die: create}, isolate: true")});
  CHECK(said.err.find("pipeline.yaml:4:12: error[M0402]: its process crashed (SIGABRT, it gave up) in create") !=
        said.err.npos);
  CHECK(said.err.find("isolated stage 's' (isolation:isolation.act)") != said.err.npos);
  CHECK(said.status == 2);
}

TEST_CASE("isolate: Ctrl-C ends it, and no process stays behind") {
  const TemporaryFolder folder;
  for (const std::string what : {"sleep", "hang"}) {
    const std::string stage = "interrupted-" + what + "-" + std::to_string(::getpid());
    const std::string file =
        folder
            .write("interrupted.yaml",
                   "motet: 1\ninputs: {text: text}\nstages:\n  " + stage +
                       ": {use: isolation.act, isolate: true, in: inputs.text}\noutputs: {y: " + stage + "}\n")
            .string();
    Command command(motet_words({"run", file, "--in", "text=" + what, "--json", "--plugins", kPlugins}));
    for (int i = 0; i < 1000 && serving(stage) == 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    CHECK(serving(stage) == 1);
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    command.send(SIGINT);
    const Said said = command.finish();
    CHECK(said.status == 130);
    CHECK(json::parse(said.out)["errors"][0]["kind"] == "cancelled");
    CHECK(serving(stage) == 0);
  }
}

TEST_CASE("isolate: a plugin that takes its process down at load takes nothing else down") {
  const TemporaryFolder folder;
  const Said plugins = with_plugins({"plugins"});
  CHECK(plugins.status == 0);
  CHECK(plugins.out.find("aborting.echo") != plugins.out.npos);
  CHECK(with_plugins({"inspect", "aborting.echo"}).status == 0);
  CHECK(with_plugins({"schema"}).out.find("aborting.echo") != std::string::npos);
  const std::string other = pipeline(folder, "use: isolation.act");
  CHECK(with_plugins({"check", other}).status == 0);
  CHECK(with_plugins({"run", other, "--in", "text=one"}).out == "one!\n");
  const Said beside = with_plugins({"run", pipeline(folder, "use: aborting.echo"), "--in", "text=one"});
  CHECK(beside.status == 4);
  CHECK(beside.out.empty());
  CHECK(beside.err.find("aborting.so as it was loaded crashed (SIGABRT: it gave up)") != beside.err.npos);
  const Said isolated = with_plugins({"check", pipeline(folder, "use: aborting.echo, isolate: true")});
  CHECK(isolated.status == 2);
  CHECK(isolated.err.find("error[M0402]: its process crashed (SIGABRT, it gave up) in create") != isolated.err.npos);
}
