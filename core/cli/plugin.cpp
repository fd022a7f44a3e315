#include "base/error.hpp"
#include "base/nearest.hpp"
#include "cli/exit_status.hpp"
#include "cli/standard_output.hpp"
#include "cli/verbs.hpp"

namespace motet::cli {
namespace {

constexpr Verb kVerbs[] = {
    {"new", "makes a folder of a plugin that builds, runs and is tested", plugin_new},
    {"verify", "tries the rules of the plugin contract on a plugin", plugin_verify},
    {"checks", "lists those rules", plugin_checks},
};

std::string overview() {
  std::string out = "usage: motet plugin VERB ARGUMENT...     (motet plugin VERB --help tells more)\n\n";
  for (const Verb& verb : kVerbs) {
    std::string name(verb.name);
    name.resize(10, ' ');
    out += "  " + name + std::string(verb.about) + "\n";
  }
  return out;
}

}  // namespace

std::span<const Verb> plugin_verbs() { return kVerbs; }

int plugin(const Invocation& invocation) {
  if (invocation.declared != nullptr) {
    invocation.declared->help = {"motet plugin VERB ARGUMENT...", "", ""};
    return kAllWell;
  }
  if (invocation.arguments.empty() || invocation.arguments.front() == "--help") {
    StandardOutput().write(overview());
    return invocation.arguments.empty() ? kUserMistake : kAllWell;
  }
  Invocation inner = invocation;
  const std::string name = inner.arguments.front();
  inner.arguments.erase(inner.arguments.begin());
  std::vector<std::string> known;
  for (const Verb& verb : kVerbs) {
    if (verb.name == name) return verb.call(inner);
    known.emplace_back(verb.name);
  }
  base::fail(base::ErrorKind::user, "motet plugin has no verb '" + name + "'", base::suggestion(name, known));
}

}  // namespace motet::cli
