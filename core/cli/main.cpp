// motet VERB ARGUMENT...: finds the verb, and says what went wrong in it.
#include <algorithm>
#include <exception>
#include <filesystem>
#include <new>
#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "base/error.hpp"
#include "base/nearest.hpp"
#include "base/system_failure.hpp"
#include "cli/exit_status.hpp"
#include "cli/signals.hpp"
#include "cli/standard_error.hpp"
#include "cli/standard_output.hpp"
#include "cli/verbs.hpp"
#include "cli/version.hpp"
#include "isolation/layout.hpp"
#include "isolation/worker.hpp"
#include "report/errors.hpp"

namespace {

using namespace motet;

std::string overview() {
  std::string out =
      "Motet runs pipelines of plugins: a YAML file wires stages that hear, see, read and answer.\n\n"
      "usage: motet VERB ARGUMENT...     (motet VERB --help tells more)\n\n";
  for (const cli::Verb& verb : cli::verbs()) {
    std::string name(verb.name);
    name.resize(12, ' ');
    out += "  " + name + std::string(verb.about) + "\n";
  }
  return out +
         "\nExamples:\n"
         "  motet run pipelines/transcribe --set model=DIR --in audio=speech.wav\n"
         "  motet check pipelines/transcribe --set model=DIR\n"
         "  motet explain M0207\n";
}

int call(const std::string& name, const cli::Invocation& invocation) {
  for (const cli::Verb& verb : cli::verbs()) {
    if (verb.name == name) return verb.call(invocation);
  }
  std::vector<std::string> known;
  for (const cli::Verb& verb : cli::verbs()) known.emplace_back(verb.name);
  base::fail(base::ErrorKind::user, "there is no verb '" + name + "'", base::suggestion(name, known));
}

// With --json the mistakes are the result and go to stdout, as data.
int say(const base::Error& error, bool json) {
  if (json) {
    cli::StandardOutput().write(report::error_json(error));
  } else {
    cli::say(report::error_text(error, cli::coloured()));
  }
  return cli::exit_status(error.kind());
}

int guarded(const std::string& name, const cli::Invocation& invocation) {
  const bool json = std::count(invocation.arguments.begin(), invocation.arguments.end(), "--json") > 0;
  try {
    try {
      return call(name, invocation);
    } catch (const base::Error& error) {
      return say(error, json);
    } catch (const std::bad_alloc&) {
      return say(base::Error(base::ErrorKind::environment, "there is not enough memory"), json);
    } catch (const std::filesystem::filesystem_error& error) {
      return say(base::Error(base::kind_of(error.code()), error.path1().string() + ": " + error.code().message()),
                 json);
    } catch (const std::exception& error) {
      return say(base::Error(base::ErrorKind::environment, std::string("unexpected: ") + error.what()), json);
    }
  } catch (const cli::ReaderGone&) {
    return cli::kAllWell;
  } catch (const base::Error& error) {  // stdout itself cannot be written
    return say(error, false);
  }
}

int run(int argc, char** argv) {
  std::vector<std::string> arguments(argv + std::min(argc, 1), argv + argc);
  if (arguments.empty()) {
    cli::say(overview());
    return cli::kUserMistake;
  }
  const std::string verb = arguments.front();
  arguments.erase(arguments.begin());
  try {
    if (verb == "--help" || verb == "-h" || verb == "help") {
      cli::StandardOutput().write(overview());
      return cli::kAllWell;
    }
    if (verb == "--version") {
      cli::StandardOutput().write(cli::version_text());
      return cli::kAllWell;
    }
  } catch (const cli::ReaderGone&) {
    return cli::kAllWell;
  } catch (const base::Error& error) {
    return say(error, false);
  }
  std::error_code ignored;
  const std::filesystem::path executable = std::filesystem::read_symlink("/proc/self/exe", ignored);
  return guarded(verb, {executable, std::move(arguments), nullptr});
}

}  // namespace

int main(int argc, char** argv) {
  // Before anything else: the process of an isolated stage takes signals as they come, so that the host hears of them.
  if (argc > 1 && argv[1] == isolation::kWorkerArgument) return isolation::serve();
  cli::install_signal_handlers();
  try {
    return run(argc, argv);
  } catch (const std::bad_alloc&) {  // outside of what is guarded, or again while it was told of
    cli::say("motet: error: there is not enough memory\n");
    return cli::kEnvironmentFailed;
  }
}
